package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.Interpretation;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Projection;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Tensors that are used through any index, on random problems: the interpreter gives the values of
 * the reference evaluator, and the model counts what the interpreter does, or bounds it where
 * values decide.
 */
class IrregularCostTest {

  private static final long CASES = 1_000;

  @Test
  void agreesWithInterpreterAndEvaluator() {
    LongAdder exact = new LongAdder();
    LongAdder bounded = new LongAdder();
    LongAdder producedWhole = new LongAdder();
    LongAdder populating = new LongAdder();
    RandomCostTest.check(
        LongStream.range(0, CASES),
        seed -> Optional.of(RandomProblems.irregular(seed)),
        (problem, seed) -> {
          (agrees(problem, seed) ? exact : bounded).increment();
          if (producesWhole(problem)) {
            producedWhole.increment();
          }
          if (problem.cascade().einsums().stream().anyMatch(e -> e.populate().isPresent())) {
            populating.increment();
          }
        },
        "agrees");

    System.out.printf(
        "seeds 0 to %d: %d problems exact, %d bounded, %d with produced tensors used whole, %d that"
            + " populate%n",
        CASES - 1, exact.sum(), bounded.sum(), producedWhole.sum(), populating.sum());
    assertThat(exact.sum()).isGreaterThan(CASES / 4);
    assertThat(bounded.sum()).isGreaterThan(CASES / 10);
    assertThat(producedWhole.sum()).isGreaterThan(CASES / 4);
    assertThat(populating.sum()).isGreaterThan(CASES / 20);
  }

  private static boolean producesWhole(Problem problem) {
    return problem.cascade().tensors().stream()
        .filter(tensor -> tensor.role() != Tensor.Role.INPUT)
        .map(tensor -> Projection.all(problem.cascade()).get(tensor.name()))
        .anyMatch(Projection::isMapped);
  }

  /** Whether the counts are exact. */
  static boolean agrees(Problem problem, long seed) {
    Map<TensorName, DenseTensor> inputs = RandomProblems.inputs(problem, seed);
    Interpretation run = ScheduleInterpreter.run(problem, inputs);
    Map<TensorName, DenseTensor> expected =
        ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs);
    for (Tensor tensor : problem.cascade().tensors()) {
      assertThat(withoutSignOfZero(run.tensors().get(tensor.name())))
          .as(tensor.name().text())
          .containsExactly(withoutSignOfZero(expected.get(tensor.name())));
    }
    Cost cost = CostModel.evaluate(problem);
    if (cost.accuracy().isExact()) {
      assertThat(cost.counts()).isEqualTo(run.counts());
      return true;
    }
    assertThat(cost.accuracy()).isInstanceOf(Accuracy.UpperBound.class);
    bounds(cost.counts(), run.counts());
    return false;
  }

  private static void bounds(Counts bound, Counts run) {
    run.trafficWords()
        .forEach(
            (traffic, words) ->
                assertThat(words)
                    .as("%s", traffic)
                    .isLessThanOrEqualTo(bound.trafficWords().getOrDefault(traffic, 0L)));
    run.operations()
        .forEach(
            (work, operations) ->
                assertThat(operations)
                    .as("%s", work)
                    .isLessThanOrEqualTo(bound.operations().getOrDefault(work, 0L)));
    assertThat(bound.peakOccupancyWords()).isEqualTo(run.peakOccupancyWords());
  }

  /** Whether a zero is −0 depends on the order of a sum. */
  private static double[] withoutSignOfZero(DenseTensor tensor) {
    return Arrays.stream(tensor.values()).map(value -> value + 0.0).toArray();
  }
}
