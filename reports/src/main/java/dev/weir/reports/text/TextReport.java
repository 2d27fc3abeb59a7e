package dev.weir.reports.text;

import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Report;
import dev.weir.reports.model.Section;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a report as text. */
public final class TextReport {

  private static final int WIDTH = 100;

  private TextReport() {}

  /** What a person wants to know at once: each target's cards, and whatever did not pass. */
  public static String summary(Report report) {
    return report.sections().stream()
        .map(TextReport::summary)
        .collect(Collectors.joining("\n", report.title() + "\n\n", ""));
  }

  private static String summary(Section section) {
    StringBuilder out = new StringBuilder(section.title()).append('\n');
    out.append(wrapped(section.description()));
    List<List<String>> rows =
        section.cards().stream()
            .map(card -> List.of("  " + card.label(), card.value().text(), card.noteText()))
            .toList();
    out.append(TextTable.of(rows));
    section.parts().forEach(part -> notPassed(part, out));
    return out.toString();
  }

  /** Between words, so that a line of a usual terminal holds each. */
  private static String wrapped(String text) {
    StringBuilder out = new StringBuilder();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + word.length() >= WIDTH) {
        out.append("  ").append(line).append('\n');
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    return line.isEmpty() ? "" : out.append("  ").append(line).append('\n').toString();
  }

  private static void notPassed(Part part, StringBuilder out) {
    if (part instanceof Part.Notice notice && notice.outcome() != Outcome.PASSED) {
      out.append("  ").append(notice.outcome().text()).append("  ").append(notice.title());
      out.append(": ").append(notice.text().strip().replace("\n", "\n    ")).append('\n');
    }
    if (part instanceof Part.Table table) {
      for (List<Cell> row : table.rows()) {
        if (row.getLast() instanceof Cell.Verdict verdict && verdict.outcome() == Outcome.FAILED) {
          String what =
              row.subList(0, row.size() - 1).stream()
                  .map(TextTable::text)
                  .collect(Collectors.joining(", "));
          out.append("  ").append(verdict.outcome().text()).append("  ").append(what);
          out.append(": ").append(verdict.reason()).append('\n');
        }
      }
    }
  }

  /** One part in full. */
  public static String part(Part part) {
    return part.title() + "\n" + body(part);
  }

  private static String body(Part part) {
    return switch (part) {
      case Part.Table table -> TextTable.of(table);
      case Part.LoopNest nest -> LoopNestText.of(nest);
      case Part.Timeline timeline ->
          timeline.lanes().stream()
              .flatMap(lane -> lane.slices().stream().map(slice -> row(lane.unit(), slice)))
              .collect(Collectors.collectingAndThen(Collectors.toList(), TextTable::of));
      case Part.Epochs epochs -> EpochsText.of(epochs);
      case Part.OverTime profile -> OverTimeText.of(profile);
      case Part.CascadeGraph graph ->
          TextTable.of(
              graph.nodes().stream()
                  .map(node -> List.of(graph.when(node), node.name(), node.text()))
                  .toList());
      case Part.Bars bars ->
          TextTable.of(
              bars.bars().stream()
                  .flatMap(
                      bar ->
                          bar.segments().stream()
                              .map(s -> List.of(bar.label(), s.name(), s.figure().text())))
                  .toList());
      case Part.Kernel kernel -> kernel.text();
      case Part.Notice notice -> notice.outcome().text() + ": " + notice.text() + "\n";
      case Part.Listing listing -> listing.text();
    };
  }

  private static List<String> row(String unit, Part.Timeline.Slice slice) {
    return List.of(
        unit,
        (slice.kind() == Part.Timeline.SliceKind.STALL ? "waits: " : "")
            + slice.name()
            + (slice.tile().isEmpty() ? "" : " " + slice.tile()),
        "cycles %,d to %,d".formatted(slice.startCycle(), slice.endCycle()));
  }
}
