package dev.weir.opencl.probe;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.runtime.Answer;
import java.util.List;

/** What the probes have in common: kernels written by hand, and results that are known. */
final class Probe {

  private Probe() {}

  static KernelBuffer buffer(String name, Type element, long length, KernelBuffer.Role role) {
    return new KernelBuffer(
        new TensorName(name), new Array(name, AddressSpace.GLOBAL, element, length), role);
  }

  static Kernel kernel(String name, List<KernelBuffer> arguments, Grid grid) {
    return new Kernel(
        name,
        arguments,
        List.of(grid.groups(), 1L, 1L),
        List.of(grid.items(), 1L, 1L),
        List.of(),
        List.of());
  }

  /** Work-groups, and work-items of each. */
  record Grid(long groups, long items) {
    long all() {
      return groups * items;
    }
  }

  /** What a result should be. */
  interface Expected {
    float at(int element);
  }

  /** A device that gives other results has not done what was timed. */
  static <T> Answer<T> checked(String what, double[] got, Expected expected, T then) {
    for (int i = 0; i < got.length; i++) {
      if (got[i] != expected.at(i)) {
        return new Answer.Failed<>(
            "the device computes %s wrongly (got %s, expected %s at element %d); its speed means nothing"
                .formatted(what, got[i], expected.at(i), i),
            List.of());
      }
    }
    return new Answer.Given<>(then);
  }
}
