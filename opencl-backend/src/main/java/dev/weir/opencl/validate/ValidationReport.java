package dev.weir.opencl.validate;

import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.runtime.DeviceDescription;
import java.util.List;
import java.util.Optional;

/** What became of a schedule on a device. */
public sealed interface ValidationReport {

  /**
   * The schedule cannot become a kernel.
   *
   * @param where the node that stands in the way
   * @param reason what is wrong
   * @param fix how to mend it
   */
  record Refused(NodePath where, String reason, String fix) implements ValidationReport {

    /** Both in one line. */
    public String message() {
      return reason + "; " + fix;
    }
  }

  /**
   * The device does not take the kernel, or its driver failed while it ran.
   *
   * @param reason what is wrong
   * @param log lines of the compiler's log with the source they speak of
   */
  record NotBuilt(String reason, List<String> log) implements ValidationReport {
    public NotBuilt {
      log = List.copyOf(log);
    }
  }

  /**
   * The kernel ran.
   *
   * @param device on what
   * @param sourceHash SHA-256 of the kernel's text, the first 16 hexadecimal digits
   * @param comparisons one for each case, shape and output
   * @param timing of the problem's own shape; only when every comparison passed
   * @param tailsNotChecked why shapes that leave remainders were not tried though they were wanted
   * @param diagnosis who is to blame for what is wrong, where a shape is small enough to find out
   */
  record Checked(
      DeviceDescription device,
      String sourceHash,
      List<Comparison> comparisons,
      Optional<Timing> timing,
      List<String> tailsNotChecked,
      Optional<Diagnosis> diagnosis)
      implements ValidationReport {
    public Checked {
      comparisons = List.copyOf(comparisons);
      tailsNotChecked = List.copyOf(tailsNotChecked);
    }

    /** Whether the kernel is right wherever it was compared. */
    public boolean passed() {
      return comparisons.stream().noneMatch(Comparison::failed)
          && comparisons.stream().anyMatch(Comparison::passed);
    }
  }

  /**
   * Time of a correct kernel.
   *
   * @param minimumMilliseconds fastest run, all kernels together
   * @param medianMilliseconds median
   * @param runs how many
   * @param operations floating-point operations of the cascade, a multiply-accumulate counting two
   */
  record Timing(
      double minimumMilliseconds, double medianMilliseconds, int runs, double operations) {

    /** 10⁹ operations a second in the fastest run. */
    public double gigaflops() {
      return operations / minimumMilliseconds / 1e6;
    }
  }
}
