package dev.weir.simulator.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import dev.weir.simulator.stats.SimulationResult;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Both engines, on random legal problems with tails, waves, masks, keeps at several levels and
 * pipelines: cycle for cycle, word for word, stall for stall. Whole inputs make values exact.
 */
class PeAgreementTest {

  private static final int PROBLEMS = 700;

  private static final List<MachineVariants> VARIANTS = List.of(MachineVariants.values());

  /** Least part of the problems that must run. */
  private static final double SHARE = 0.55;

  @ParameterizedTest
  @EnumSource
  void bothEnginesAgree(MachineVariants variant) {
    int run = 0;
    Map<String, Integer> refused = new TreeMap<>();
    long first = PROBLEMS * (long) VARIANTS.indexOf(variant);
    for (long seed = first; seed < first + PROBLEMS; seed++) {
      Problem problem = variant.of(RandomProblems.legal(seed));
      Optional<String> refusal = PeSimulator.refusal(problem);
      if (refusal.isPresent()) {
        refused.merge(inGeneral(refusal.get()), 1, Integer::sum);
      } else {
        compare(problem, seed);
        run++;
      }
    }
    System.out.printf("pe %s: %d problems run, refused: %s%n", variant, run, refused);
    assertThat(run).isGreaterThan((int) (SHARE * PROBLEMS));
  }

  /** A reason without the names of this problem's tensors. */
  private static String inGeneral(String refusal) {
    return refusal.replaceAll("\\b[A-Z][0-9]*\\b", "…");
  }

  private static void compare(Problem problem, long seed) {
    String words = "seed " + seed + " " + RandomProblems.describe(problem);
    Map<TensorName, DenseTensor> inputs = RandomProblems.inputs(problem, seed);
    PeRun run = PeSimulator.simulate(problem, inputs);
    SimulationResult expected = Simulator.simulate(problem, SimulationOptions.QUIET);
    Counts referee = ScheduleInterpreter.run(problem, inputs).counts();

    SimulationResult actual = run.result();

    assertThat(actual.counts()).as(words).isEqualTo(referee);
    assertThat(actual.counts()).as(words).isEqualTo(expected.counts());
    assertThat(actual.cycles()).as(words).isEqualTo(expected.cycles());
    assertThat(actual.units()).as(words).isEqualTo(expected.units());
    assertThat(actual.levels()).as(words).isEqualTo(expected.levels());
    Map<TensorName, DenseTensor> reference =
        ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs);
    run.outputs()
        .forEach(
            (name, tensor) ->
                assertThat(values(tensor))
                    .as(() -> name + ": " + words)
                    .isEqualTo(values(reference.get(name))));
  }

  /** Zeros without their sign, which depends on the order of a sum. */
  private static double[] values(DenseTensor tensor) {
    return Arrays.stream(tensor.values()).map(value -> value + 0.0).toArray();
  }
}
