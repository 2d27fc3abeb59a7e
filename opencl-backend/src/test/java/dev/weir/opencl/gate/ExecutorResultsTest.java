package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.Tools;
import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.runtime.Build;
import dev.weir.opencl.runtime.KernelRunner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the executor computes, beside the reference of the cascade and a compiler's kernels. */
class ExecutorResultsTest {

  private static final String SHAPES = " B=1 H=2 P=19 M=35 E=8 F=8";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attention_1pass opencl_1pass_cpu pocl-cpu",
        "attention_1pass_masked opencl_1pass_cpu pocl-cpu",
        "attention_1pass opencl_1pass_gpu generic-gpu",
        "attention_1pass_masked opencl_1pass_gpu generic-gpu",
        "attention_3pass opencl_3pass_cpu pocl-cpu",
        "attention_3pass_masked opencl_3pass_cpu pocl-cpu",
        "attention_3pass_masked opencl_3pass_unfused_cpu pocl-cpu",
        "attention_1pass_triangular opencl_1pass_causal_cpu pocl-cpu"
      })
  void shippedSchedulesAreRightWhateverUnsetMemoryHolds(String schedule) {
    String name = schedule + SHAPES;

    Problem problem = CountRun.problem(name);
    KernelProgram program = CountRun.program(problem).orElseThrow();
    for (InputData.Kind kind : InputData.Kind.values()) {
      assertThat(
              ExecutedKernel.comparedPoints(
                  name, problem, program, kind, ExecutedKernel.Judge.BOUND))
          .as("%s, %s", name, kind)
          .isPositive();
    }
  }

  @Test
  void randomProblemsAreRightWhateverUnsetMemoryHolds() {
    int compared = 0;
    for (String name : CountRun.random("random", 1_001, 220)) {
      Problem problem = CountRun.problem(name);
      Optional<KernelProgram> program = CountRun.program(problem);
      if (program.isPresent()
          && ExecutedKernel.comparedPoints(
                  name, problem, program.get(), InputData.Kind.RANDOM, ExecutedKernel.Judge.BOUND)
              > 0) {
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(200);
  }

  /**
   * The compiler fuses products with sums, as the executor does, and keeps the order of sums; its
   * exponential differs in the last place, and is only of 0 in these problems.
   */
  @Test
  void randomProblemsEqualCompiledKernelsBitForBit() {
    for (String name : CountRun.random("random", 31, 8)) {
      Problem problem = CountRun.problem(name);
      KernelProgram program = CountRun.program(problem).orElseThrow();
      Map<TensorName, double[]> inputs = CountRun.inputs(problem, InputData.Kind.RANDOM);
      Execution execution = KernelExecutor.run(program, inputs, ExecutionOptions.plain());
      assertThat(execution).as(name).isInstanceOf(Execution.Completed.class);

      compiled(program, inputs)
          .forEach(
              (tensor, got) -> {
                double[] expected = ((Execution.Completed) execution).tensors().get(tensor);
                assertThat(got).as("%s: %s", name, tensor).containsExactly(expected);
              });
    }
  }

  private static Map<TensorName, double[]> compiled(
      KernelProgram program, Map<TensorName, double[]> inputs) {
    Build build = KernelRunner.build(Tools.localProcessor(), program);
    assertThat(build).isInstanceOf(Build.Ready.class);
    Map<TensorName, double[]> outputs = new HashMap<>();
    try (KernelRunner runner = ((Build.Ready) build).runner()) {
      List<KernelBuffer> buffers = program.buffers();
      for (KernelBuffer buffer : buffers) {
        if (buffer.role() == KernelBuffer.Role.INPUT) {
          runner.write(buffer.tensor(), inputs.get(buffer.tensor()));
        }
      }
      runner.launch();
      for (KernelBuffer buffer : buffers) {
        if (buffer.role() == KernelBuffer.Role.OUTPUT) {
          outputs.put(buffer.tensor(), runner.read(buffer.tensor()));
        }
      }
    }
    return outputs;
  }
}
