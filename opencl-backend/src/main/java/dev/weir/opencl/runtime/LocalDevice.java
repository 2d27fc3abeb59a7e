package dev.weir.opencl.runtime;

import java.util.Optional;
import org.jocl.CL;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** A device as the drivers in this process know it. For one thread. */
public final class LocalDevice {

  private final cl_platform_id platform;
  private final cl_device_id handle;
  private final Device device;
  private Optional<cl_context> context = Optional.empty();

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

  cl_device_id handle() {
    return handle;
  }

  /**
   * What all programs on it share; it ends with the process. PoCL reads its library of functions
   * for every context again, which takes as long as compiling several kernels.
   */
  cl_context context() {
    if (context.isEmpty()) {
      cl_context_properties properties = new cl_context_properties();
      properties.addProperty(CL.CL_CONTEXT_PLATFORM, platform);
      cl_device_id[] devices = {handle};
      context = Optional.of(CL.clCreateContext(properties, 1, devices, null, null, null));
    }
    return context.get();
  }
}
