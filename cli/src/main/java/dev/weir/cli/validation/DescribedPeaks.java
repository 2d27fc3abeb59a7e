package dev.weir.cli.validation;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.opencl.probe.Peaks;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a machine can do at best by the numbers of its file, from which times are predicted.
 *
 * @param architecture its name
 * @param operationsPerSecond of multiply-accumulates, each of which counts two, on all units
 * @param bytesPerSecond of the outermost memory, words read and written together; none where the
 *     file sets no limit
 */
public record DescribedPeaks(
    String architecture, double operationsPerSecond, OptionalDouble bytesPerSecond) {

  /** Up to this share of the larger one, a measurement is taken for one of the machine itself. */
  static final double SAME = 0.25;

  /** Of an architecture. */
  public static DescribedPeaks of(Architecture architecture) {
    double accumulations = architecture.units().stream().mapToDouble(unit -> perCycle(unit)).sum();
    int wordBytes = architecture.wordBits() / Byte.SIZE;
    return new DescribedPeaks(
        architecture.name(),
        2 * accumulations * architecture.clockHertz(),
        architecture
            .top()
            .bandwidth()
            .map(
                bandwidth ->
                    OptionalDouble.of(
                        words(bandwidth)
                            * architecture.instances(architecture.top())
                            * wordBytes
                            * architecture.clockHertz()))
            .orElse(OptionalDouble.empty()));
  }

  private static double perCycle(ComputeUnit unit) {
    OperationCost cost = unit.operations().get(OperationKind.MULTIPLY_ACCUMULATE);
    return cost == null ? 0 : unit.instances() / cost.initiationIntervalCycles().toDouble();
  }

  private static double words(Bandwidth bandwidth) {
    double read = bandwidth.readWordsPerCycle().toDouble();
    return bandwidth.shared() ? read : read + bandwidth.writeWordsPerCycle().toDouble();
  }

  /** Whether a device can be the one that the file describes, by what it was measured to do. */
  public boolean fits(Peaks measured) {
    return isNear(operationsPerSecond, measured.multiplyAccumulates().operationsPerSecond())
        && (bytesPerSecond.isEmpty()
            || isNear(bytesPerSecond.getAsDouble(), measured.copy().bytesPerSecond()));
  }

  private static boolean isNear(double described, double measured) {
    return Math.abs(described - measured) <= SAME * Math.max(described, measured);
  }

  /** What predicted times belong to, in one line. */
  public String text(Optional<Peaks> measured) {
    String numbers =
        "predicted times belong to %s, whose file says %s"
            .formatted(
                architecture,
                String.format(Locale.ROOT, "%.1f Gflop/s", operationsPerSecond / 1e9)
                    + (bytesPerSecond.isEmpty()
                        ? ""
                        : String.format(
                            Locale.ROOT, " and %.1f GB/s", bytesPerSecond.getAsDouble() / 1e9)));
    return numbers
        + measured
            .map(
                peaks ->
                    fits(peaks)
                        ? "; the device found does as much, within %.0f %%".formatted(100 * SAME)
                        : "; the device found is another one, by its peaks")
            .orElse("; whether the device found is that one is not known, as its peaks are not");
  }
}
