package dev.weir.opencl.validate;

import dev.weir.opencl.kernel.KernelProgram;
import java.util.function.UnaryOperator;

/**
 * Faults by which a test shows that faults are found.
 *
 * @param kernel changes the kernel
 * @param text changes only the text that the device gets, as a compiler does that is wrong
 */
record Planted(UnaryOperator<KernelProgram> kernel, UnaryOperator<String> text) {

  /** No fault. */
  static Planted nothing() {
    return inText(UnaryOperator.identity());
  }

  /** A fault of the kernel. */
  static Planted inKernel(UnaryOperator<KernelProgram> kernel) {
    return new Planted(kernel, UnaryOperator.identity());
  }

  /** A fault of what the device gets. */
  static Planted inText(UnaryOperator<String> text) {
    return new Planted(UnaryOperator.identity(), text);
  }
}
