package dev.weir.opencl.execute;

import dev.weir.einsum.ir.TensorName;
import java.util.Map;

/** What became of an execution. */
public sealed interface Execution {

  /**
   * All kernels ran.
   *
   * @param tensors elements of each tensor in global memory, row-major; an element that nothing
   *     wrote is as the options say
   * @param counts what was executed
   */
  record Completed(Map<TensorName, double[]> tensors, AccessCounts counts) implements Execution {
    public Completed {
      tensors = Map.copyOf(tensors);
    }
  }

  /** A kernel did what it must not. */
  record Faulted(Fault fault) implements Execution {}
}
