package dev.weir.reports.parts;

import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.runtime.DeviceDescription;
import dev.weir.opencl.validate.Comparison;
import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What became of a kernel. */
public final class KernelParts {

  private KernelParts() {}

  /** The source text with how it is launched. */
  public static Part.Kernel source(String file, KernelProgram program, String text) {
    String launches =
        program.kernels().stream().map(KernelParts::launch).collect(Collectors.joining("; "));
    return new Part.Kernel(
        "Generated kernel",
        "OpenCL C for exactly these shapes, from the schedule above. " + launches + ".",
        file,
        text);
  }

  private static String launch(Kernel kernel) {
    return "%s: %s work-groups of %s work-items, %,d B of local memory"
        .formatted(
            kernel.name(), product(kernel.groups()), product(kernel.items()), kernel.localBytes());
  }

  private static String product(List<Long> sizes) {
    return sizes.stream().map("%,d"::formatted).collect(Collectors.joining(" × "));
  }

  /** One row a case, shape and output. */
  public static Part.Table comparisons(
      String cascade, ValidationReport.Checked checked, Source source) {
    return comparisons(cascade, checked, _ -> source);
  }

  /**
   * One row a case, shape and output.
   *
   * @param sourceOf the source of a comparison's figures, which differ in the shapes that they were
   *     taken at
   */
  public static Part.Table comparisons(
      String cascade, ValidationReport.Checked checked, Function<Comparison, Source> sourceOf) {
    List<List<Cell>> rows = new ArrayList<>();
    for (Comparison comparison : checked.comparisons()) {
      Source source = sourceOf.apply(comparison);
      rows.add(
          List.of(
              Cell.of(comparison.inputs().text()),
              Cell.of(comparison.shape()),
              Cell.of(comparison.output().text()),
              Cell.of(Figure.of(comparison.comparedPoints(), Unit.ELEMENTS, source)),
              Cell.of(Figure.of(comparison.allPoints(), Unit.ELEMENTS, source)),
              figure(comparison.maxAbsoluteError(), Unit.ABSOLUTE, source),
              figure(comparison.maxReferenceMagnitude(), Unit.ABSOLUTE, source),
              figure(comparison.maxErrorOfBound(), Unit.RATIO, source),
              verdict(comparison.verdict())));
    }
    return new Part.Table(
        "Kernel of " + cascade + " against the reference",
        "The reference evaluates the cascade point by point in double precision and knows neither"
            + " schedule nor kernel; of a large output it evaluates a sample: the first, the last"
            + " and evenly between of each parallel rank. Beside the largest error stands the"
            + " largest magnitude of the values that it is an error of. The bound is what rounding"
            + " in the kernel's number format can reach."
            + checked.tailsNotChecked().stream()
                .map(reason -> " Not tried, since the schedule does not fit it: " + reason + ".")
                .collect(Collectors.joining()),
        List.of(
            "inputs",
            "shape",
            "output",
            "compared",
            "of",
            "largest error",
            "of values up to",
            "of its bound",
            ""),
        rows);
  }

  /** What is no number is as far from the reference as can be. */
  private static Cell figure(double value, Unit unit, Source source) {
    return Double.isFinite(value) ? Cell.of(Figure.of(value, unit, source)) : Cell.of("∞");
  }

  private static Cell verdict(Comparison.Verdict verdict) {
    return switch (verdict) {
      case Comparison.Verdict.Pass _ -> new Cell.Verdict(Outcome.PASSED, "");
      case Comparison.Verdict.Fail fail ->
          new Cell.Verdict(
              Outcome.FAILED,
              "at %s: got %s, expected %s, allowed difference %s"
                  .formatted(fail.coordinate(), fail.got(), fail.expected(), fail.bound()));
      case Comparison.Verdict.Unchecked _ ->
          new Cell.Verdict(Outcome.NOT_RUN, "rounding alone allows any value here");
    };
  }

  /**
   * A kernel's time beside what the cost model says.
   *
   * @param modelled seconds by the cost model, for the machine of a description
   * @param fastest seconds of the fastest run on the device
   * @param median seconds of the median run there
   * @param ratio fastest ÷ modelled
   * @param explanation what was compared with what
   */
  public static Part.Table times(
      Figure modelled, Figure fastest, Figure median, Figure ratio, String explanation) {
    return new Part.Table(
        "Measured and modelled time",
        explanation,
        List.of("time", "value"),
        List.of(
            List.of(Cell.of("cost model"), Cell.of(modelled)),
            List.of(Cell.of("measured, fastest run"), Cell.of(fastest)),
            List.of(Cell.of("measured, median run"), Cell.of(median)),
            List.of(Cell.of("fastest run ÷ cost model"), Cell.of(ratio))));
  }

  /** The device in one line. */
  public static String device(DeviceDescription device) {
    return "%s (%s, driver %s, %s, %d compute units)"
        .formatted(
            device.name(),
            device.platform(),
            device.driver(),
            device.version(),
            device.computeUnits());
  }
}
