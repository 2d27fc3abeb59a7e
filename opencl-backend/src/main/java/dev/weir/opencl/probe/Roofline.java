package dev.weir.opencl.probe;

/**
 * Least time of a computation on a device, after Williams, Waterman and Patterson, "Roofline"
 * (2009).
 *
 * @param computeSeconds of its operations at the peak of multiply-adds
 * @param memorySeconds of the bytes that have to move, at the bandwidth of a copy
 */
public record Roofline(double computeSeconds, double memorySeconds) {

  /** The larger of both, as they can overlap. */
  public double seconds() {
    return Math.max(computeSeconds, memorySeconds);
  }

  /** What limits it. */
  public String limit() {
    return computeSeconds >= memorySeconds ? "arithmetic" : "bandwidth";
  }

  /**
   * The part of the roofline that a run reaches. Above 1 where caches hold what comes again from
   * run to run, or where operations are cheaper than multiply-adds.
   */
  public double share(double measuredSeconds) {
    return seconds() / measuredSeconds;
  }
}
