package dev.weir.opencl.probe;

import dev.weir.opencl.runtime.RunTimes;
import java.util.List;
import java.util.Locale;

/**
 * What a device can do at best.
 *
 * @param multiplyAccumulates the fastest of some probes without memory accesses
 * @param copy copying global memory
 * @param notes what could not be measured, a line each
 */
public record Peaks(Arithmetic multiplyAccumulates, Copy copy, List<String> notes) {

  public Peaks {
    notes = List.copyOf(notes);
  }

  /**
   * Fused multiply-adds of 32-bit floats.
   *
   * @param lanes floats of the vectors that were fastest, 1 for scalars
   * @param operations floating-point operations of a run, two a multiply-add
   * @param times of the runs
   */
  public record Arithmetic(int lanes, double operations, RunTimes times) {

    /** Floating-point operations a second in the fastest run. */
    public double operationsPerSecond() {
      return operations / times.minimumMilliseconds() * 1e3;
    }
  }

  /**
   * Reading one half of some memory and writing the other.
   *
   * @param bytes read and written in a run, together
   * @param times of the runs
   */
  public record Copy(double bytes, RunTimes times) {

    /** Bytes a second in the fastest run, those read and those written added. */
    public double bytesPerSecond() {
      return bytes / times.minimumMilliseconds() * 1e3;
    }
  }

  /**
   * The least time in which a device with these peaks computes something.
   *
   * @param operations floating-point operations, a multiply-accumulate counting two
   * @param bytes that every schedule moves to and from global memory
   */
  public Roofline roofline(double operations, double bytes) {
    return new Roofline(
        operations / multiplyAccumulates.operationsPerSecond(), bytes / copy.bytesPerSecond());
  }

  /** In one line, with units. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%.1f Gflop/s (fp32 multiply-add, %s), %.1f GB/s (copy of %.0f MiB, bytes read and"
            + " written)",
        multiplyAccumulates.operationsPerSecond() / 1e9,
        multiplyAccumulates.lanes() == 1 ? "float" : "float" + multiplyAccumulates.lanes(),
        copy.bytesPerSecond() / 1e9,
        copy.bytes() / 2 / (1 << 20));
  }
}
