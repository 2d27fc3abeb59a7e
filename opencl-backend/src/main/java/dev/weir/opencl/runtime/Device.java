package dev.weir.opencl.runtime;

import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** A device that kernels can run on. */
public final class Device {

  private final cl_platform_id platform;
  private final cl_device_id handle;
  private final DeviceDescription description;

  Device(cl_platform_id platform, cl_device_id handle, DeviceDescription description) {
    this.platform = platform;
    this.handle = handle;
    this.description = description;
  }

  /** What it says about itself. */
  public DeviceDescription description() {
    return description;
  }

  cl_platform_id platform() {
    return platform;
  }

  cl_device_id handle() {
    return handle;
  }
}
