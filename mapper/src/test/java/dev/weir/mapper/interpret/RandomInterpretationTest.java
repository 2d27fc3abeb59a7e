package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RandomInterpretationTest {

  @Test
  void legalSchedulesComputeWhatTheCascadeSaysExactly() {
    for (long seed = 0; seed < 400; seed++) {
      Problem problem = RandomProblems.legal(seed);
      Map<TensorName, DenseTensor> inputs = RandomProblems.inputs(problem, seed);
      Map<TensorName, DenseTensor> expected =
          ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs);
      Interpretation actual;
      try {
        actual = ScheduleInterpreter.run(problem, inputs);
      } catch (ScheduleFault fault) {
        fail("seed " + seed + ": " + RandomProblems.describe(problem), fault);
        return;
      }
      for (var tensor : problem.cascade().tensors()) {
        assertThat(withoutSignOfZero(actual.tensors().get(tensor.name())))
            .as("seed %s, %s: %s", seed, tensor.name(), RandomProblems.describe(problem))
            .containsExactly(withoutSignOfZero(expected.get(tensor.name())));
      }
    }
  }

  /** Whether a zero is −0 depends on the order of a sum. */
  private static double[] withoutSignOfZero(DenseTensor tensor) {
    return Arrays.stream(tensor.values()).map(value -> value + 0.0).toArray();
  }
}
