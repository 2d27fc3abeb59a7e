package dev.weir.opencl.kernel;

import java.util.List;

/**
 * Kernels that run one after another and together compute a cascade for fixed shapes.
 *
 * @param name from cascade and schedule
 * @param buffers every tensor in global memory
 * @param kernels in launch order
 */
public record KernelProgram(String name, List<KernelBuffer> buffers, List<Kernel> kernels) {
  public KernelProgram {
    buffers = List.copyOf(buffers);
    kernels = List.copyOf(kernels);
  }

  /** Whether some buffer holds doubles, so that kernels compute in double precision. */
  public boolean needsDoubles() {
    return buffers.stream().anyMatch(b -> b.array().element().kind() == Type.Kind.DOUBLE);
  }
}
