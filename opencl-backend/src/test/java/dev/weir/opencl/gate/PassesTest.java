package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.pass.Folding;
import dev.weir.opencl.pass.Hoisting;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Passes change what kernels say, never what they compute. */
class PassesTest {

  private static final int KERNELS = 1000;
  private static final TensorName OUTPUT = new TensorName("O");

  private static KernelProgram after(
      Function<Kernel, List<Statement>> pass, KernelProgram program) {
    Kernel kernel = program.kernels().getFirst();
    Kernel changed =
        new Kernel(
            kernel.name(),
            kernel.arguments(),
            kernel.groups(),
            kernel.items(),
            kernel.localArrays(),
            pass.apply(kernel));
    return new KernelProgram(program.name(), program.buffers(), List.of(changed));
  }

  private static double[] output(KernelProgram program, long seed) {
    Execution execution =
        KernelExecutor.run(program, RandomKernel.inputs(seed), ExecutionOptions.plain());
    return ((Execution.Completed) execution).tensors().get(OUTPUT);
  }

  @Test
  void randomKernelsComputeTheSameAfterThem() {
    int folded = 0;
    int hoisted = 0;
    for (long seed = 1; seed <= KERNELS; seed++) {
      KernelProgram program = RandomKernel.program(seed);
      KernelProgram afterFolding =
          after(kernel -> Folding.of(kernel.body(), kernel.groups(), kernel.items()), program);
      KernelProgram afterHoisting = after(kernel -> Hoisting.of(kernel.body()), program);
      KernelProgram afterBoth = after(kernel -> Hoisting.of(kernel.body()), afterFolding);
      double[] expected = output(program, seed);

      assertThat(output(afterFolding, seed)).as("seed %d, folding", seed).containsExactly(expected);
      assertThat(output(afterHoisting, seed))
          .as("seed %d, hoisting", seed)
          .containsExactly(expected);
      assertThat(output(afterBoth, seed)).as("seed %d, both", seed).containsExactly(expected);
      folded += afterFolding.equals(program) ? 0 : 1;
      hoisted += afterHoisting.equals(program) ? 0 : 1;
    }
    assertThat(folded).isGreaterThan(KERNELS / 20);
    assertThat(hoisted).isGreaterThan(KERNELS / 20);
  }
}
