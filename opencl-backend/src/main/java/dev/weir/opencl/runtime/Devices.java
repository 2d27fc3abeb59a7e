package dev.weir.opencl.runtime;

/** Says which devices there are. */
public final class Devices {

  private Devices() {}

  /** All devices, except those of platforms that are known to compute wrongly. */
  public static DeviceSearch list() {
    try (DeviceSession session = DeviceSession.open()) {
      return session.devices();
    }
  }
}
