package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped schedules, on machines and shapes small enough for the interpreter, with tails. */
class ShippedSimulationTest {

  /** Blocks of 8 queries and keys, register tiles of 2 by 2. */
  private static final String[] BLOCKS = {
    "by 4", "by 2", "by 16", "by 4", "64", "8", "128", "6", "= 17", "= 2", "= 16", "= 3"
  };

  static Stream<Problem> problems() {
    Architecture fuseMax = ExampleArchitectures.fuseMax(4, 4096);
    Architecture openCl = ExampleArchitectures.openCl(4, 8, 4096, 4096);
    Architecture gpu =
        ExampleArchitectures.openCl(List.of("items.x", "items.y", "items.z"), 4, 8, 4096, 4096);
    return Stream.of(
        problem("fusemax/binding", fuseMax, "B=1 H=2 P=15 M=11 E=3 F=2", "P1 = 16", "P1 = 2"),
        problem("fusemax/binding", fuseMax, "B=2 H=1 P=8 M=3 E=1 F=1", "P1 = 16", "P1 = 2"),
        problem("attention_3pass_unfused", fuseMax, "B=2 H=1 P=6 M=11 E=3 F=2"),
        problem("opencl_1pass_cpu", openCl, "B=1 H=2 P=11 M=13 E=3 F=5", "16*", "4*", "64", "5"),
        problem("opencl_1pass_gpu", gpu, "B=1 H=2 P=11 M=13 E=3 F=5", BLOCKS),
        problem("opencl_3pass_gpu", gpu, "B=2 H=1 P=11 M=13 E=3 F=5", BLOCKS),
        problem("opencl_gemm_gpu", gpu, "M=19 N=9 K=11", "16*", "2*", "= 8", "= 2", "= 17", "= 3"),
        problem("opencl_3pass_cpu", openCl, "B=1 H=2 P=11 M=13 E=3 F=5", "16*", "4*"));
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
  void countsWhatTheInterpreterCounts(Problem problem) {
    Counts expected =
        ScheduleInterpreter.run(
                problem, Examples.realInputs(problem.cascade(), problem.shapes(), 17))
            .counts();

    Counts actual = Simulator.simulate(problem, SimulationOptions.QUIET).counts();

    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void refusesAMaskThatDependsOnValues() {
    Schedule schedule = Examples.shipped("fusemax/binding", "256", "4").schedule();
    Problem masked =
        Problem.of(
            Examples.cascade("attention_1pass_masked"),
            schedule,
            ExampleArchitectures.fuseMax(4, 1 << 20),
            Examples.shapes("B=1 H=1 P=4 M=8 E=2 F=2"));

    assertThat(Simulator.refusal(masked))
        .hasValue("a condition on the values of N, and it has no values");
  }

  @Test
  void refusesWhatItWouldCountOtherwise() {
    Problem problem = new SmallMachine(4, 4, 0).problem("H=1 N=2 W=2", IN_PLACE);

    assertThat(Simulator.refusal(problem)).isEmpty();
    assertThat(Simulator.refusal(Machines.withBanks(problem, 64, 2)))
        .hasValue("keep X in place of A in banks, which it cannot follow yet");
  }

  private static final String IN_PLACE =
      """
      keep A at Buffer
      keep X at Buffer in place of A
      for h by 1  for n by 1  for w by 1  compute X on U
      """;

  @Test
  void whatIsKeptInPlaceOfSomethingElseMovesAndTakesNoRoom() {
    SimulationResult result =
        BothEngines.run(new SmallMachine(4, 0, 0).problem("H=1 N=2 W=2", IN_PLACE));

    // A comes in a cycle, four points, X goes in a cycle.
    assertThat(result.cycles()).isEqualTo(1 + 4 + 1);
    assertThat(result.counts().peakOccupancyWords()).containsEntry(SmallMachine.BUFFER, 4L);
  }

  static Stream<Problem> skewed() {
    Architecture fuseMax = ExampleArchitectures.fuseMax(4, 4096);
    return Stream.of(
            problem("fusemax/binding", fuseMax, "B=1 H=2 P=59 M=11 E=3 F=2", "P1 = 16", "P1 = 4"),
            problem("fusemax/binding_skewed_64", fuseMax, "B=1 H=2 P=59 M=11 E=3 F=2"),
            problem("fusemax/binding_skewed_128", fuseMax, "B=1 H=2 P=45 M=7 E=2 F=3"))
        .map(problem -> Machines.withBandwidths(problem, _ -> Optional.empty()))
        .map(problem -> Machines.withInstances(problem, 4, Axis.Fill.SKEWED));
  }

  /** Epochs wait for what passes along the arrays, and whoever waits says so. */
  @ParameterizedTest
  @MethodSource("skewed")
  void takesTheCostModelsTimeOnSkewedArrays(Problem problem) {
    SimulationResult result = Simulator.simulate(problem, SimulationOptions.QUIET);

    assertThat(result.cycles()).isEqualTo(CostModel.evaluate(problem).latencyCycles());
    assertThat(result.units().values())
        .allSatisfy(unit -> assertThat(unit.stallCycles()).containsKey(StallReason.Cause.FILL));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void takesNoLessThanTheCostModelSays(Problem unbounded) {
    Problem problem = Machines.withInstances(unbounded, 16);
    SimulationResult result = Simulator.simulate(problem, SimulationOptions.QUIET);

    assertThat(result.cycles()).isGreaterThanOrEqualTo(CostModel.evaluate(problem).latencyCycles());
  }
}
