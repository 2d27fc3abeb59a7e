package dev.weir.opencl.runtime;

import java.time.Duration;

/**
 * How long a device may take before it is stopped.
 *
 * @param build finding devices, or compiling a program
 * @param run running all kernels of a program once, the first time too, when some drivers still
 *     compile; or copying a tensor
 */
public record Limits(Duration build, Duration run) {

  public Limits {
    if (!build.isPositive() || !run.isPositive()) {
      throw new IllegalArgumentException(
          "limits are above 0 s (got %s and %s)".formatted(build, run));
    }
  }

  /** A minute each. */
  public static Limits usual() {
    return new Limits(Duration.ofSeconds(60), Duration.ofSeconds(60));
  }
}
