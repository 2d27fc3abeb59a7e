package dev.weir.cli.validation;

import dev.weir.einsum.analysis.CompulsoryTraffic;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.probe.Peaks;
import dev.weir.opencl.probe.Roofline;
import dev.weir.opencl.validate.Comparison;
import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What became of a target on a device.
 *
 * @param target what was to be run
 * @param outcome passed, failed, or not run: the device is too small for it, or nobody could say
 *     whether it decides rightly
 * @param report what came of it
 * @param peaks of the device, measured in the same run
 * @param predictedSeconds by the cost model, on the machine that the schedule was written for; it
 *     does not count all schedules
 * @param compulsoryBytes that every schedule moves: of inputs and outputs that come and go whole
 */
public record Row(
    Target target,
    Outcome outcome,
    ValidationReport report,
    Optional<Peaks> peaks,
    OptionalDouble predictedSeconds,
    double compulsoryBytes) {

  private static final long WORD_BYTES = 4;

  /** A target that was tried; one that the validator refuses has not been run. */
  public static Row of(Target target, ValidationReport report, Optional<Peaks> peaks) {
    Outcome outcome =
        switch (report) {
          case ValidationReport.Checked checked ->
              checked.passed() ? Outcome.PASSED : Outcome.FAILED;
          case ValidationReport.NotBuilt _ -> Outcome.FAILED;
          case ValidationReport.Refused _ -> Outcome.NOT_RUN;
        };
    return of(target, outcome, report, peaks);
  }

  /** A target that needs more than the device has. */
  static Row notRun(Target target, List<String> reasons, Optional<Peaks> peaks) {
    ValidationReport report = new ValidationReport.NotBuilt(String.join("; ", reasons), List.of());
    return of(target, Outcome.NOT_RUN, report, peaks);
  }

  private static Row of(
      Target target, Outcome outcome, ValidationReport report, Optional<Peaks> peaks) {
    return new Row(
        target,
        outcome,
        report,
        peaks,
        predictedSeconds(target.problem()),
        compulsoryBytes(target));
  }

  private static OptionalDouble predictedSeconds(Problem problem) {
    try {
      return OptionalDouble.of(CostModel.evaluate(problem).seconds());
    } catch (IllegalArgumentException notCounted) {
      return OptionalDouble.empty();
    }
  }

  /** Bytes that every schedule of a cascade moves, in the format of the kernel's buffers. */
  private static double compulsoryBytes(Target target) {
    Map<TensorName, Long> bytes =
        target.program().buffers().stream()
            .collect(
                Collectors.toMap(KernelBuffer::tensor, buffer -> buffer.array().element().bytes()));
    Problem problem = target.problem();
    return CompulsoryTraffic.of(problem.cascade(), problem.shapes()).tensors().stream()
        .filter(tensor -> !tensor.isUpperBound())
        .mapToDouble(
            tensor ->
                (double) bytes.getOrDefault(tensor.tensor(), WORD_BYTES) * tensor.compulsoryWords())
        .sum();
  }

  /** The largest error as a fraction of what rounding allows, over all comparisons. */
  public OptionalDouble errorOfBound() {
    return comparisons().stream().mapToDouble(Comparison::maxErrorOfBound).max();
  }

  /** One for each case, shape and output. */
  public List<Comparison> comparisons() {
    return switch (report) {
      case ValidationReport.Checked checked -> checked.comparisons();
      case ValidationReport.Refused _, ValidationReport.NotBuilt _ -> List.of();
    };
  }

  /** SHA-256 of the kernel's text, the first digits. */
  public Optional<String> kernelHash() {
    return switch (report) {
      case ValidationReport.Checked checked -> Optional.of(checked.sourceHash());
      case ValidationReport.Refused _, ValidationReport.NotBuilt _ -> Optional.empty();
    };
  }

  /** Of a kernel that is right. */
  public Optional<ValidationReport.Timing> timing() {
    return switch (report) {
      case ValidationReport.Checked checked -> checked.timing();
      case ValidationReport.Refused _, ValidationReport.NotBuilt _ -> Optional.empty();
    };
  }

  /** Why it did not pass, and what was left out, a line each. */
  public List<String> remarks() {
    return switch (report) {
      case ValidationReport.Refused refused -> List.of(refused.message());
      case ValidationReport.NotBuilt notBuilt -> {
        List<String> lines = new ArrayList<>(List.of(notBuilt.reason()));
        lines.addAll(notBuilt.log());
        yield lines;
      }
      case ValidationReport.Checked checked -> {
        List<String> lines = new ArrayList<>();
        checked.comparisons().forEach(one -> failure(one).ifPresent(lines::add));
        unchecked(checked.comparisons()).ifPresent(lines::add);
        checked.diagnosis().ifPresent(diagnosis -> lines.add(diagnosis.message()));
        checked.tailsNotChecked().forEach(why -> lines.add("a tail was not tried: " + why));
        yield lines;
      }
    };
  }

  private static Optional<String> failure(Comparison comparison) {
    return switch (comparison.verdict()) {
      case Comparison.Verdict.Pass _, Comparison.Verdict.Unchecked _ -> Optional.empty();
      case Comparison.Verdict.Fail fail ->
          Optional.of(
              "inputs %s, shape %s, output %s: at %s got %s, expected %s, allowed difference %s"
                  .formatted(
                      comparison.inputs().text(),
                      comparison.shape(),
                      comparison.output(),
                      fail.coordinate(),
                      fail.got(),
                      fail.expected(),
                      fail.bound()));
    };
  }

  /** In one line: it is no fault of the kernel. */
  private static Optional<String> unchecked(List<Comparison> comparisons) {
    Map<String, Integer> shapes = new TreeMap<>();
    for (Comparison one : comparisons) {
      if (one.verdict() instanceof Comparison.Verdict.Unchecked) {
        shapes.merge("%s of %s".formatted(one.output(), one.inputs().text()), 1, Integer::sum);
      }
    }
    return shapes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "not compared, as rounding alone allows any value: "
                + shapes.entrySet().stream()
                    .map(
                        e ->
                            e.getKey()
                                + (e.getValue() == 1
                                    ? ""
                                    : " at %d shapes".formatted(e.getValue())))
                    .collect(Collectors.joining(", ")));
  }

  /** The least time on this device, when its peaks are known and there is a time to compare. */
  public Optional<Roofline> roofline() {
    return peaks.flatMap(
        measured -> timing().map(timed -> measured.roofline(timed.operations(), compulsoryBytes)));
  }

  /** The part of the roofline that the fastest run reaches. */
  public OptionalDouble rooflineShare() {
    return roofline().isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            roofline().get().share(timing().orElseThrow().minimumMilliseconds() / 1e3));
  }
}
