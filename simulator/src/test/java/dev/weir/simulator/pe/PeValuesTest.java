package dev.weir.simulator.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.RoundingErrorEvaluator;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shipped schedules of attention with real inputs: what elements compute lies within the bound
 * that the rounding of any order of summation has.
 */
class PeValuesTest {

  private static final RoundingErrorEvaluator.Format BINARY64 =
      new RoundingErrorEvaluator.Format(0x1p-53, Double.MIN_NORMAL, Double.MAX_VALUE);

  /** What {@link Math} promises, in units in the last place. */
  private static final RoundingErrorEvaluator.FunctionErrors JAVA =
      new RoundingErrorEvaluator.FunctionErrors(1, 0.5, 1, 0.5, 2.5, 1);

  static Stream<Problem> problems() {
    Architecture fuseMax = ExampleArchitectures.fuseMax(4, 4096);
    Architecture openCl = ExampleArchitectures.openCl(4, 8, 4096, 4096);
    Stream<Problem> problems =
        Stream.of(
            problem("fusemax/binding", fuseMax, "B=1 H=2 P=15 M=11 E=3 F=2", "P1 = 16", "P1 = 2"),
            problem("attention_3pass_unfused", fuseMax, "B=2 H=1 P=6 M=11 E=3 F=2"),
            problem(
                "opencl_1pass_cpu", openCl, "B=1 H=2 P=11 M=13 E=3 F=5", "16*", "4*", "64", "5"),
            problem("opencl_3pass_cpu", openCl, "B=1 H=2 P=11 M=13 E=3 F=5", "16*", "4*"));
    return problems.flatMap(
        problem -> Stream.of(MachineVariants.values()).map(variant -> variant.of(problem)));
  }

  private static Problem problem(
      String name, Architecture architecture, String shapes, String... replacements) {
    List<String> all = Stream.concat(Stream.of(replacements), Stream.of("256", "4")).toList();
    Schedule schedule = Examples.shipped(name, all.toArray(String[]::new)).schedule();
    return Problem.of(
        Examples.cascade(schedule.cascade()), schedule, architecture, Examples.shapes(shapes));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void outputsAreWithinTheBoundOfRounding(Problem problem) {
    Map<TensorName, DenseTensor> inputs =
        Examples.realInputs(problem.cascade(), problem.shapes(), 17);

    PeRun run = PeSimulator.simulate(problem, inputs);

    Map<TensorName, RoundingErrorEvaluator.Bounded> expected =
        RoundingErrorEvaluator.evaluate(
            problem.cascade(), problem.shapes(), inputs, BINARY64, JAVA);
    run.outputs()
        .forEach(
            (name, actual) -> {
              double[] values = expected.get(name).value().values();
              double[] bounds = expected.get(name).bound().values();
              for (int at = 0; at < values.length; at++) {
                // Both sides round.
                assertThat(Math.abs(actual.values()[at] - values[at]))
                    .as("%s at %d", name, at)
                    .isLessThanOrEqualTo(2 * bounds[at]);
              }
            });
    assertThat(run.result()).isEqualTo(Simulator.simulate(problem, SimulationOptions.QUIET));
  }
}
