package dev.weir.opencl.runtime;

import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.ArrayList;
import java.util.List;

/** What a program needs that a device lacks. */
public final class Fitness {

  private Fitness() {}

  /** A line for each; none when it fits. */
  public static List<String> problems(KernelProgram program, DeviceDescription device) {
    List<String> problems = new ArrayList<>();
    if (program.needsDoubles() && !device.hasDoubles()) {
      problems.add(
          "the kernels compute in double precision, the device does not (it lacks cl_khr_fp64);"
              + " take fp32 or fp16 in place of fp64");
    }
    long total = 0;
    for (KernelBuffer buffer : program.buffers()) {
      long bytes = buffer.array().bytes();
      total += bytes;
      if (bytes > device.maxBufferBytes()) {
        problems.add(
            "%s needs a buffer of %d bytes, the device allows %d"
                .formatted(buffer.tensor(), bytes, device.maxBufferBytes()));
      }
    }
    if (total > device.globalBytes()) {
      problems.add(
          "all buffers need %d bytes, the device has %d".formatted(total, device.globalBytes()));
    }
    for (Kernel kernel : program.kernels()) {
      if (kernel.groupSize() > device.maxGroupSize()) {
        problems.add(
            "kernel %s has %d work-items a group, the device allows %d"
                .formatted(kernel.name(), kernel.groupSize(), device.maxGroupSize()));
      }
      if (kernel.localBytes() > device.localBytes()) {
        problems.add(
            "kernel %s needs %d bytes of local memory, the device has %d"
                .formatted(kernel.name(), kernel.localBytes(), device.localBytes()));
      }
    }
    return problems;
  }
}
