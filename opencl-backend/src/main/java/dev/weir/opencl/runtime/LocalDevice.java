package dev.weir.opencl.runtime;

import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** A device as the drivers in this process know it. */
public final class LocalDevice {

  private final cl_platform_id platform;
  private final cl_device_id handle;
  private final Device device;

  LocalDevice(cl_platform_id platform, cl_device_id handle, Device device) {
    this.platform = platform;
    this.handle = handle;
    this.device = device;
  }

  /** What any process calls it. */
  public Device device() {
    return device;
  }

  /** What it says about itself. */
  public DeviceDescription description() {
    return device.description();
  }

  cl_platform_id platform() {
    return platform;
  }

  cl_device_id handle() {
    return handle;
  }
}
