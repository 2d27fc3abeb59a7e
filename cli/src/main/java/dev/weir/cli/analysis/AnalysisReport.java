package dev.weir.cli.analysis;

import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.PassReport;
import dev.weir.reports.model.Card;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.InputFile;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Provenance;
import dev.weir.reports.model.Report;
import dev.weir.reports.model.Section;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.CascadeGraphs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** An analysis as a page, with a picture of the cascade. */
public final class AnalysisReport {

  private AnalysisReport() {}

  /**
   * The report of one cascade.
   *
   * @param files where the cascade was read, those that it uses too
   * @param command what makes the page again
   * @param facts about the run
   */
  public static Report of(
      Analysis analysis, List<InputFile> files, String command, List<Provenance.Fact> facts) {
    Source source =
        new Source("analysis", "cascade " + analysis.cascade().name() + shapes(analysis), files);
    List<PassReport.OfRank> shown = shownRanks(analysis);
    List<Part> parts = new ArrayList<>();
    shown.forEach(rank -> parts.add(CascadeGraphs.of(analysis.cascade(), rank)));
    parts.add(
        new Part.Listing(
            "What is known",
            "The analysis as ./weir analyze prints it.",
            AnalysisText.of(analysis)));
    Section section =
        new Section(
            "cascade",
            analysis.cascade().name(),
            analysis.cascade().description(),
            Outcome.PASSED,
            cards(analysis, shown, source),
            parts);
    return new Report(
        analysis.cascade().name(),
        "Passes, live footprint, operations and traffic of one cascade, before anyone schedules"
            + " it.",
        new Provenance(command, facts, files),
        List.of(section));
  }

  /** A rank of each softmax; if there is none, the rank with most passes. */
  private static List<PassReport.OfRank> shownRanks(Analysis analysis) {
    return analysis.softmaxes().isEmpty()
        ? List.of(analysis.passes().swept().getFirst())
        : analysis.softmaxes().stream()
            .map(softmax -> analysis.passes().of(softmax.ranks().getFirst()))
            .toList();
  }

  private static List<Card> cards(Analysis analysis, List<PassReport.OfRank> shown, Source source) {
    List<Card> cards = new ArrayList<>();
    for (PassReport.OfRank rank : shown) {
      cards.add(
          new Card(
              "passes over " + rank.rank(),
              Cell.of(Figure.of(rank.passes(), Unit.PASSES, source)),
              "whatever the mapping"));
    }
    cards.add(
        new Card(
            "size",
            Cell.of(Figure.of(analysis.cascade().einsums().size(), Unit.EINSUMS, source)),
            "in one cascade"));
    analysis.counts().ifPresent(counts -> cards.addAll(cards(counts, source)));
    return cards;
  }

  private static List<Card> cards(Analysis.Counts counts, Source source) {
    List<Card> cards = new ArrayList<>();
    OperationCount operations = counts.operations();
    cards.add(
        new Card(
            "operations",
            Cell.of(Figure.of(operations.weighted(), Unit.OPERATIONS, source)),
            (operations.isExact() ? "" : "at most; ") + "a multiply-accumulate counts two"));
    cards.add(
        new Card(
            "compulsory traffic",
            Cell.of(bytes(counts, counts.traffic().compulsoryWords(), source)),
            (counts.traffic().isUpperBound() ? "at most; " : "")
                + "each input and output once, words of "
                + counts.wordBytes()
                + " B"));
    counts
        .forced()
        .ifPresent(
            forced ->
                cards.add(
                    new Card(
                        "forced by passes",
                        Cell.of(bytes(counts, forced.words(), source)),
                        List.of(
                            Cell.of(
                                (forced.countsConditionsAsTrue()
                                        ? "were all conditions true"
                                        : "at least")
                                    + ", with a buffer of"),
                            Cell.of(bytes(counts, forced.bufferWords(), source))))));
    return cards;
  }

  private static Figure bytes(Analysis.Counts counts, long words, Source source) {
    return Figure.of(counts.bytes(words), Unit.BYTES, source);
  }

  private static String shapes(Analysis analysis) {
    return analysis
        .counts()
        .map(
            counts ->
                counts.withParts().entrySet().stream()
                    .map(shape -> shape.getKey() + "=" + shape.getValue())
                    .collect(Collectors.joining(" ", ", ", "")))
        .orElse(", any shapes");
  }
}
