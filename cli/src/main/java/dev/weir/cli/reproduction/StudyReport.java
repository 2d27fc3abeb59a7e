package dev.weir.cli.reproduction;

import dev.weir.cli.reproduction.Study.Quantity;
import dev.weir.cli.reproduction.StudyResult.Row;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Section;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.text.TextTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Studies as text, as a table for programs and as sections of a report. */
final class StudyReport {

  private final List<StudyResult> results;
  private final Source ours;
  private final Source simulated;
  private final Source theirs;

  /**
   * @param ours of figures of the cost model
   * @param theirs of published ones
   */
  StudyReport(Collection<StudyResult> results, Source ours, Source theirs) {
    this.results = List.copyOf(results);
    this.ours = ours;
    this.simulated = new Source("simulator", ours.about(), ours.inputs());
    this.theirs = theirs;
  }

  /** For the terminal. */
  String summary() {
    StringBuilder text = new StringBuilder();
    for (StudyResult result : results) {
      text.append(result.study().title()).append('\n');
      text.append(TextTable.of(table(result)));
      if (!result.study().within().isEmpty()) {
        text.append("  within bounds: ").append(outcome(result).text()).append('\n');
      }
      notes(result).forEach(note -> text.append("  ").append(note).append('\n'));
      text.append('\n');
    }
    return text.toString();
  }

  /** A section each. */
  List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    for (StudyResult result : results) {
      List<Part> parts = new ArrayList<>(List.of(table(result)));
      List<String> notes = notes(result);
      if (!notes.isEmpty()) {
        parts.add(
            new Part.Listing(
                "Schedules that break a rule",
                "They are evaluated all the same.",
                String.join("\n", notes)));
      }
      sections.add(
          new Section(
              "study-" + result.study().name(),
              result.study().title(),
              result.study().text(),
              outcome(result),
              List.of(),
              parts));
    }
    return sections;
  }

  private static Outcome outcome(StudyResult result) {
    return result.isWithin() ? Outcome.PASSED : Outcome.FAILED;
  }

  private Part.Table table(StudyResult result) {
    Study study = result.study();
    List<String> headings = new ArrayList<>(List.of("case", "model", "run", "schedule"));
    for (Quantity quantity : study.figures()) {
      headings.add(quantity.text());
      if (result.isPublished(quantity)) {
        headings.add(published(study, quantity));
        headings.add("difference");
      }
      if (study.isCompared()) {
        headings.add("÷ first");
      }
    }
    return new Part.Table(
        study.title(),
        study.isCompared()
            ? "÷ first: how many times the figure of the first run of the same case and model."
            : "",
        headings,
        result.rows().stream().map(row -> cells(result, row)).toList());
  }

  /** Says what is added to it. */
  private String published(Study study, Quantity quantity) {
    String plus =
        study.cases().stream()
            .flatMap(one -> one.runs().stream())
            .flatMap(run -> run.published().stream())
            .flatMap(own -> Optional.ofNullable(own.plus().get(quantity)).stream())
            .distinct()
            .map(own -> Figure.of(own, quantity.unit(), theirs).text())
            .collect(Collectors.joining(" or "));
    return plus.isEmpty() ? "published" : "published + " + plus;
  }

  private List<Cell> cells(StudyResult result, Row row) {
    Study study = result.study();
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.of(row.caseName()));
    cells.add(Cell.of(row.model().isEmpty() ? "–" : row.model()));
    cells.add(Cell.of(row.run()));
    cells.add(Cell.of((row.schedule() + " " + row.parameters()).strip()));
    for (Quantity quantity : study.figures()) {
      Source own = quantity.isSimulated() ? simulated : ours;
      cells.add(Cell.of(Figure.of(row.ours().get(quantity), quantity.unit(), own)));
      if (result.isPublished(quantity)) {
        cells.add(
            cell(Optional.ofNullable(row.published().get(quantity)), quantity.unit(), theirs));
        cells.add(cell(row.difference(quantity), Unit.RATIO, own));
      }
      if (study.isCompared()) {
        cells.add(Cell.of(Figure.of(row.quotient(quantity), Unit.TIMES, own)));
      }
    }
    return cells;
  }

  private static Cell cell(Optional<Double> value, Unit unit, Source source) {
    return value.map(own -> Cell.of(Figure.of(own, unit, source))).orElse(Cell.of("–"));
  }

  private static List<String> notes(StudyResult result) {
    return result.rows().stream()
        .flatMap(
            row ->
                row.notes().stream()
                    .map(note -> "%s, %s: %s".formatted(row.caseName(), row.run(), note)))
        .distinct()
        .toList();
  }

  /** All figures, a line each. */
  String csv() {
    StringBuilder text =
        new StringBuilder(
            "study,case,model,run,schedule,parameters,figure,unit,published,ours,difference,"
                + "times first\n");
    for (StudyResult result : results) {
      for (Row row : result.rows()) {
        for (Quantity quantity : result.study().figures()) {
          text.append(
              String.format(
                  Locale.ROOT,
                  "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s%n",
                  result.study().name(),
                  quoted(row.caseName()),
                  row.model(),
                  quoted(row.run()),
                  row.schedule(),
                  row.parameters(),
                  quantity.text(),
                  quantity.unit().exactSymbol(),
                  Optional.ofNullable(row.published().get(quantity))
                      .map(String::valueOf)
                      .orElse(""),
                  row.ours().get(quantity),
                  row.difference(quantity).map(String::valueOf).orElse(""),
                  row.quotient(quantity)));
        }
      }
    }
    return text.toString();
  }

  private static String quoted(String text) {
    return text.contains(",") ? '"' + text + '"' : text;
  }
}
