package dev.weir.opencl.runtime;

import java.util.Arrays;

/** Times of repeated runs of a program, all its kernels together, in nanoseconds. */
public final class RunTimes {

  private final long[] ascendingNanoseconds;

  /**
   * Takes the times as measured.
   *
   * @param nanoseconds a run each, at least one; not modified
   */
  public RunTimes(long[] nanoseconds) {
    this.ascendingNanoseconds = nanoseconds.clone();
    Arrays.sort(ascendingNanoseconds);
    if (ascendingNanoseconds.length == 0) {
      throw new IllegalArgumentException("no run was timed");
    }
  }

  /** Runs that were timed. */
  public int runs() {
    return ascendingNanoseconds.length;
  }

  /** Time of the fastest run. */
  public double minimumMilliseconds() {
    return ascendingNanoseconds[0] / 1e6;
  }

  /** Half of the runs were not slower. */
  public double medianMilliseconds() {
    return ascendingNanoseconds[ascendingNanoseconds.length / 2] / 1e6;
  }
}
