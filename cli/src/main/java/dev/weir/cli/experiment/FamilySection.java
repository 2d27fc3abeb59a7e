package dev.weir.cli.experiment;

import dev.weir.einsum.analysis.PassAnalysis;
import dev.weir.einsum.analysis.PassReport;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Section;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.CascadeGraphs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The cascades of one function and the passes that each needs, whatever the machine. */
final class FamilySection {

  private FamilySection() {}

  static Section of(Experiment experiment, Library library, Sources sources) {
    SectionBuilder section = new SectionBuilder();
    RankName rank = mostSwept(experiment, library);
    List<List<Cell>> rows = new ArrayList<>();
    List<Part> pictures = new ArrayList<>();
    StringBuilder explanations = new StringBuilder();
    for (Experiment.Reference file : experiment.family()) {
      Cascade cascade = library.cascade(file.path());
      PassReport report = PassAnalysis.of(cascade);
      PassReport.OfRank most = report.of(rank);
      Source source =
          sources.of("pass analysis", "cascade " + cascade.name() + ", any shapes", file.path());
      Figure passes = Figure.of(most.passes(), Unit.PASSES, source);
      section.card(cascade.name(), passes, "over rank " + rank);
      rows.add(
          List.of(
              Cell.of(cascade.name()),
              Cell.of(most.rank().text()),
              Cell.of(passes),
              Cell.of(Figure.of(cascade.einsums().size(), Unit.EINSUMS, source))));
      pictures.add(CascadeGraphs.of(cascade, most));
      explanations.append(new PassReport(cascade.name(), List.of(most)).text()).append('\n');
    }
    section.part(
        new Part.Table(
            "Passes over " + rank,
            "How often a fiber of the rank must be swept over, whatever the schedule: each sweep"
                + " either keeps the whole fiber on the chip or fetches it again.",
            List.of("cascade", "rank", "passes", "size"),
            rows));
    section.part(
        new Part.Listing(
            "What forces the passes", "The barriers, Einsum by Einsum.", explanations.toString()));
    section.parts(pictures);
    return section.section(
        "cascades", "Cascades", "One function, stated with fewer and fewer passes.");
  }

  /** The rank over which some cascade of the family needs more passes than over any other. */
  static RankName mostSwept(Experiment experiment, Library library) {
    return experiment.family().stream()
        .flatMap(file -> PassAnalysis.of(library.cascade(file.path())).ranks().stream())
        .max(Comparator.comparingInt(PassReport.OfRank::passes))
        .map(PassReport.OfRank::rank)
        .orElseThrow();
  }
}
