package dev.weir.opencl.runtime;

/**
 * What a device says about itself.
 *
 * @param name its name
 * @param platform the implementation of OpenCL that offers it
 * @param driver version of the driver
 * @param version version of OpenCL
 * @param kind what it is
 * @param computeUnits work-groups that run at the same time, roughly
 * @param localBytes local memory of a work-group
 * @param maxGroupSize most work-items of a work-group
 * @param vectorFloats floats of a native vector
 * @param hasDoubles whether it computes in double precision
 * @param globalBytes global memory
 * @param maxBufferBytes largest single buffer
 */
public record DeviceDescription(
    String name,
    String platform,
    String driver,
    String version,
    Kind kind,
    long computeUnits,
    long localBytes,
    long maxGroupSize,
    long vectorFloats,
    boolean hasDoubles,
    long globalBytes,
    long maxBufferBytes) {

  /** Kinds of devices. */
  public enum Kind {
    GPU,
    CPU,
    OTHER
  }
}
