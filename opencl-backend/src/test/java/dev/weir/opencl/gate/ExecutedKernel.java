package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.eval.RoundingErrorEvaluator;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.ExecutionOptions.Check;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.HashMap;
import java.util.Map;

/** Kernels that the executor runs, beside the reference of their cascade. */
final class ExecutedKernel {

  private static final ExecutionOptions OPTIONS = ExecutionOptions.plain().with(Check.RACES);

  private ExecutedKernel() {}

  /** How results are judged. */
  enum Judge {
    /** They are within the bound of rounding, where there is one. */
    BOUND,
    /** They are those of the reference: its numbers are whole and small. */
    EXACT
  }

  /** What a tensor is to be, and by how much it may differ. */
  private record Expected(DenseTensor value, DenseTensor bound) {}

  /**
   * Fails unless kernels run without races and accesses outside arrays, every output is right, and
   * none depends on memory that nothing wrote.
   *
   * @return elements that were compared
   */
  static int comparedPoints(
      String name, Problem problem, KernelProgram program, InputData.Kind kind, Judge judge) {
    Map<TensorName, double[]> inputs = CountRun.inputs(problem, kind);
    Execution.Completed done = run(name, program, inputs, Double.NaN);
    Execution.Completed other = run(name, program, inputs, 12_345);
    int compared = 0;
    for (Map.Entry<TensorName, Expected> entry : expected(problem, kind, judge).entrySet()) {
      TensorName tensor = entry.getKey();
      double[] got = done.tensors().get(tensor);
      assertThat(other.tensors().get(tensor))
          .as("%s, %s: %s, whatever unset memory holds", name, kind, tensor)
          .containsExactly(got);
      compared += compare("%s, %s: %s".formatted(name, kind, tensor), got, entry.getValue());
    }
    return compared;
  }

  private static Execution.Completed run(
      String name, KernelProgram program, Map<TensorName, double[]> inputs, double unset) {
    return switch (KernelExecutor.run(program, inputs, OPTIONS.withUnset(unset))) {
      case Execution.Completed done -> done;
      case Execution.Faulted faulted ->
          throw new AssertionError(name + ": " + faulted.fault().message());
    };
  }

  private static int compare(String name, double[] got, Expected expected) {
    double[] values = expected.value().values();
    double[] bounds = expected.bound().values();
    int compared = 0;
    for (int i = 0; i < got.length; i++) {
      double value = values[i];
      double bound = bounds[i];
      if (Double.isFinite(bound)) {
        boolean isSame = got[i] == value || (Double.isNaN(got[i]) && Double.isNaN(value));
        assertThat(isSame ? 0 : Math.abs(got[i] - value))
            .as("%s[%d] is %s, expected %s", name, i, got[i], value)
            .isLessThanOrEqualTo(bound);
        compared++;
      }
    }
    return compared;
  }

  private static Map<TensorName, Expected> expected(
      Problem problem, InputData.Kind kind, Judge judge) {
    Map<TensorName, DenseTensor> inputs = CountRun.tensors(problem, kind);
    Map<TensorName, Expected> expected = new HashMap<>();
    switch (judge) {
      case EXACT ->
          ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs)
              .forEach(
                  (tensor, of) ->
                      expected.put(tensor, new Expected(of, new DenseTensor(of.shape(), 0))));
      case BOUND ->
          RoundingErrorEvaluator.evaluate(
                  problem.cascade(),
                  problem.shapes(),
                  inputs,
                  RoundingErrorEvaluator.Format.SINGLE,
                  RoundingErrorEvaluator.FunctionErrors.OPENCL_FULL_PROFILE)
              .forEach((tensor, of) -> expected.put(tensor, new Expected(of.value(), of.bound())));
    }
    problem.cascade().tensors().stream()
        .filter(tensor -> tensor.role() != Tensor.Role.OUTPUT)
        .map(Tensor::name)
        .forEach(expected::remove);
    return expected;
  }
}
