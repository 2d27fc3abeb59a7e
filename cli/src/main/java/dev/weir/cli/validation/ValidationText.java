package dev.weir.cli.validation;

import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.parts.KernelParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A validation as text. Widths of columns follow from the targets alone, so that each row can be
 * printed as soon as it is known.
 */
public final class ValidationText {

  private static final String GAP = "  ";
  private static final String UNKNOWN = "-";
  private static final int LIST_WIDTH = 92;

  /** Below this, thousandths of a millisecond say too little. */
  private static final double SHORT_SECONDS = 1e-4;

  private final List<Column> columns;

  /** A column: its heading, the width of what will come, and how a row fills it. */
  private record Column(String heading, int width, boolean isNumber, Function<Row, String> text) {

    String padded(String cell) {
      String padding = " ".repeat(Math.max(0, width - cell.length()));
      return isNumber ? padding + cell : cell + padding;
    }
  }

  /** Of a validation of these targets. */
  public ValidationText(List<Target> targets) {
    this.columns =
        List.of(
            words("verdict", List.of(Outcome.NOT_RUN.text()), row -> row.outcome().text()),
            names("cascade", targets, target -> target.problem().cascade().name()),
            names("schedule", targets, Target::scheduleText),
            names("written for", targets, target -> target.problem().architecture().name()),
            number("error", 7, row -> percent(row.errorOfBound())),
            number("predicted", 12, row -> duration(row.predictedSeconds())),
            number("fastest", 12, row -> duration(time(row, Time.FASTEST))),
            number("median", 12, row -> duration(time(row, Time.MEDIAN))),
            number("speed", 14, ValidationText::speed),
            number("roofline", 8, row -> percent(row.rooflineShare())),
            // What is widest and looked at least stands last: a narrow terminal may cut it off.
            names("shapes", targets, Target::shapesText),
            words("kernel", List.of("0".repeat(16)), row -> row.kernelHash().orElse(UNKNOWN)));
  }

  private static Column names(String heading, List<Target> targets, Function<Target, String> text) {
    return words(heading, targets.stream().map(text).toList(), row -> text.apply(row.target()));
  }

  private static Column words(String heading, List<String> cells, Function<Row, String> text) {
    int width = Math.max(heading.length(), cells.stream().mapToInt(String::length).max().orElse(0));
    return new Column(heading, width, false, text);
  }

  private static Column number(String heading, int width, Function<Row, String> text) {
    return new Column(heading, Math.max(width, heading.length()), true, text);
  }

  /** All that is known. */
  public String all(ValidationResult result) {
    StringBuilder out = new StringBuilder(facts(result));
    for (DeviceResult device : result.devices()) {
      out.append(device(device));
      device.rows().forEach(row -> out.append(row(row)));
      out.append(end(device));
    }
    return out.append(closing(result)).toString();
  }

  /** Who ran it, when and on what host. */
  public String facts(ValidationResult result) {
    StringBuilder out = new StringBuilder("Weir validates the kernels of all cascades\n\n");
    result.facts().forEach(fact -> out.append("%-10s%s%n".formatted(fact.name(), fact.value())));
    result.notes().forEach(note -> out.append("%-10s%s%n".formatted("note", note)));
    return out.toString();
  }

  /** The device, and the headings of its rows. */
  public String device(DeviceResult result) {
    StringBuilder out = new StringBuilder("\n");
    out.append("%-10s%s%n".formatted("device", KernelParts.device(result.device())));
    result.peaks().ifPresent(peaks -> out.append("%-10s%s%n".formatted("peaks", peaks.text())));
    result
        .descriptions()
        .forEach(
            described -> out.append("%-10s%s%n".formatted("file", described.text(result.peaks()))));
    result.notes().forEach(note -> out.append("%-10s%s%n".formatted("note", note)));
    List<String> headings = columns.stream().map(Column::heading).toList();
    return out.append('\n').append(line(headings)).toString();
  }

  /** What changed on the device while its kernels ran; nothing if nothing did. */
  public String end(DeviceResult result) {
    StringBuilder out = new StringBuilder();
    result.changes().forEach(change -> out.append("%-10s%s%n".formatted("warning", change)));
    return out.toString();
  }

  /** A row, and below it why it is as it is. */
  public String row(Row row) {
    StringBuilder out =
        new StringBuilder(line(columns.stream().map(column -> column.text().apply(row)).toList()));
    row.remarks().forEach(remark -> out.append("    ").append(remark).append('\n'));
    return out.toString();
  }

  private String line(List<String> cells) {
    List<String> padded = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      padded.add(columns.get(i).padded(cells.get(i)));
    }
    return String.join(GAP, padded).stripTrailing() + "\n";
  }

  /** What the columns mean, how many passed, and what has no kernel. */
  public String closing(ValidationResult result) {
    long rows = result.rows().count();
    StringBuilder out =
        new StringBuilder(
            """

            schedule   plain: one Einsum after another through global memory, made for the cascade
            error      largest difference from the reference, of what rounding in single precision allows
            predicted  by the cost model with the numbers of the file that the schedule was written for, not those of this device
            speed      of the fastest run, a multiply-accumulate counting two; median over all timed runs
            roofline   least time by the peaks above, measured before the first kernel (operations, or bytes that every schedule moves) ÷ fastest run
            kernel     SHA-256 of its text, the first 16 digits

            """);
    out.append("%d of %d kernels passed".formatted(result.count(Outcome.PASSED), rows));
    long notRun = result.count(Outcome.NOT_RUN);
    out.append(notRun == 0 ? "" : ", %d not run".formatted(notRun));
    out.append(result.isComplete() ? "\n" : "; not all were tried\n");
    gaps(result)
        .forEach(
            (why, cascades) -> out.append("no kernel for " + why + ":\n").append(list(cascades)));
    return out.toString();
  }

  /** Names of cascades by what they lack. */
  private static Map<String, List<String>> gaps(ValidationResult result) {
    Map<String, List<String>> gaps = new TreeMap<>();
    for (Targets.Gap gap : result.gaps()) {
      gaps.computeIfAbsent(gap.architecture() + ", " + gap.reason(), _ -> new ArrayList<>())
          .add(gap.cascade());
    }
    return gaps;
  }

  private static String list(List<String> names) {
    StringBuilder out = new StringBuilder();
    StringBuilder line = new StringBuilder();
    for (String name : names) {
      if (!line.isEmpty() && line.length() + name.length() > LIST_WIDTH) {
        out.append("   ").append(line).append('\n');
        line.setLength(0);
      }
      line.append(' ').append(name);
    }
    return out.append("   ").append(line).append('\n').toString();
  }

  private enum Time {
    FASTEST,
    MEDIAN
  }

  private static OptionalDouble time(Row row, Time which) {
    return row.timing()
        .map(
            timing ->
                OptionalDouble.of(
                    switch (which) {
                          case FASTEST -> timing.minimumMilliseconds();
                          case MEDIAN -> timing.medianMilliseconds();
                        }
                        / 1e3))
        .orElse(OptionalDouble.empty());
  }

  private static String speed(Row row) {
    return row.timing()
        .map(ValidationReport.Timing::gigaflops)
        .map(speed -> String.format(Locale.ROOT, "%.2f Gflop/s", speed))
        .orElse(UNKNOWN);
  }

  private static String duration(OptionalDouble seconds) {
    if (seconds.isEmpty()) {
      return UNKNOWN;
    }
    return seconds.getAsDouble() < SHORT_SECONDS
        ? String.format(Locale.ROOT, "%.3f µs", seconds.getAsDouble() * 1e6)
        : String.format(Locale.ROOT, "%.3f ms", seconds.getAsDouble() * 1e3);
  }

  private static String percent(OptionalDouble fraction) {
    if (fraction.isEmpty()) {
      return UNKNOWN;
    }
    return Double.isInfinite(fraction.getAsDouble())
        ? "∞ %"
        : String.format(Locale.ROOT, "%.2f %%", fraction.getAsDouble() * 100);
  }
}
