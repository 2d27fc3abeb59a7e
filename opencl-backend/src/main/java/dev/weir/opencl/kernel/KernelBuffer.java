package dev.weir.opencl.kernel;

import dev.weir.einsum.ir.TensorName;

/**
 * A tensor in global memory, row-major in its rank order.
 *
 * @param tensor which tensor
 * @param array its elements: floating-point numbers, or ints for a table that is only read as an
 *     index
 * @param role who fills and who reads it
 */
public record KernelBuffer(TensorName tensor, Array array, Role role) {

  /** Who fills and who reads a buffer. */
  public enum Role {
    INPUT,
    OUTPUT,
    /** Written and read by kernels only. */
    SCRATCH
  }
}
