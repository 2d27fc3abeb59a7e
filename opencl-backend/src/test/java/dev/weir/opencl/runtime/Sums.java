package dev.weir.opencl.runtime;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.example.Problems;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.Map;

/** A program of one small kernel, C = A + B, and texts of it in which something is wrong. */
final class Sums {

  static final TensorName A = new TensorName("A");
  static final TensorName B = new TensorName("B");
  static final TensorName C = new TensorName("C");

  static final Map<TensorName, double[]> INPUTS =
      Map.of(A, new double[] {1, 2, 3}, B, new double[] {10, 20, 30});

  private static final String CASCADE =
      """
      cascade sum "of two"
        ranks   I
        inputs  A[I], B[I]
        C[i] = A[i] + B[i]
        outputs C
      """;

  private Sums() {}

  static KernelProgram program(long shape) {
    return Problems.program(
        Problems.of(
            CASCADE,
            "schedule s \"one loop\" for sum\n  for i by 1  compute C on Core\n",
            "I=" + shape));
  }

  static String source() {
    return OpenClPrinter.print(program(3));
  }

  /** The kernel's text with a statement in front of the sum. */
  static String with(String statement) {
    String planted = source().replaceFirst("(C\\[[^;]*= v_A)", statement + " $1");
    if (planted.equals(source())) {
      throw new IllegalStateException("nothing was planted in " + planted);
    }
    return planted;
  }

  static String withoutEnd() {
    return with("for (volatile __global const float *again = A; again[0] == 1.0f;) {}");
  }

  static String writingFarOutside() {
    return with("((volatile __global float *)C)[1000000000000L] = 1.0f;");
  }
}
