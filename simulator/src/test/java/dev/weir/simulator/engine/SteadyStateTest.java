package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.simulator.stats.SimulationResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is skipped changes nothing: every result is compared with that of executing every cycle. */
class SteadyStateTest {

  private static SteadyState.Skipped skippedAlike(Problem problem, String what) {
    Simulator.Outcome skipping = Simulator.run(problem, SimulationOptions.QUIET);
    Simulator.Outcome whole = Simulator.run(problem, SimulationOptions.QUIET.withoutSkipping());

    assertThat(whole.skipped()).isEqualTo(new SteadyState.Skipped(0, 0, 0));
    assertThat(skipping.result()).as(what).isEqualTo(whole.result());
    return skipping.skipped();
  }

  @Test
  void randomProblemsHaveTheSameResult() {
    int problems = 0;
    int withSkips = 0;
    int withNestedSkips = 0;
    for (long seed = 0; seed < 200; seed++) {
      Optional<Problem> problem = LongerLoops.problem(seed);
      if (problem.isPresent()) {
        String what = "seed " + seed + " " + RandomProblems.describe(problem.get());
        SteadyState.Skipped skipped = skippedAlike(problem.get(), what);
        problems++;
        withSkips += skipped.skips() > 0 ? 1 : 0;
        withNestedSkips += skipped.nested() > 0 ? 1 : 0;
      }
    }

    assertThat(problems).isGreaterThan(100);
    assertThat(withSkips).isGreaterThan(problems / 4);
    assertThat(withNestedSkips).isGreaterThan(problems / 15);
  }

  @Test
  void problemsWithLatenciesHaveTheSameResult() {
    int problems = 0;
    int withSkips = 0;
    for (long seed = 0; seed < 200; seed++) {
      Optional<Problem> problem = LongerLoops.problem(seed);
      if (problem.isPresent()) {
        Latency buffers = seed % 2 == 0 ? Latency.NONE : new Latency(seed % 3, seed % 5);
        Problem slow = Machines.withLatencies(problem.get(), new Latency(seed % 41, 13), buffers);
        String what = "seed " + seed + " " + RandomProblems.describe(slow);
        problems++;
        withSkips += skippedAlike(slow, what).skips() > 0 ? 1 : 0;
      }
    }

    assertThat(withSkips).isGreaterThan(problems / 4);
  }

  @Test
  void problemsWithBanksHaveTheSameResult() {
    int problems = 0;
    int withSkips = 0;
    for (long seed = 0; seed < 200; seed++) {
      Optional<Problem> problem = LongerLoops.problem(seed);
      if (problem.isPresent()) {
        Problem banked = Machines.withBanks(problem.get(), 3);
        String what = "seed " + seed + " " + RandomProblems.describe(banked);
        problems++;
        withSkips += skippedAlike(banked, what).skips() > 0 ? 1 : 0;
      }
    }

    assertThat(withSkips).isGreaterThan(problems / 4);
  }

  /** A store of one step settles while the next step loads, over and over. */
  @ParameterizedTest
  @MethodSource("dev.weir.simulator.engine.SideBySide#schedules")
  void whatWaitsForMemoriesSideBySideIsSkippedTogether(String schedule) {
    int cases = 0;
    int withSkips = 0;
    for (long latency : List.of(1L, 6L, 25L, 130L)) {
      for (long dramWordsPerCycle : List.of(0L, 2L, 5L)) {
        SmallMachine machine = new SmallMachine(dramWordsPerCycle, 3, 2);
        Problem problem = machine.problem("H=17 N=31 W=40", schedule.formatted(3));
        Problem slow = Machines.withLatencies(problem, new Latency(latency, 9), new Latency(2, 1));
        cases++;
        withSkips += skippedAlike(slow, machine + " latency " + latency).skips() > 0 ? 1 : 0;
      }
    }

    assertThat(withSkips).isGreaterThan(cases * 3 / 4);
  }

  /**
   * Stages of many epochs; double keeps that run ahead across loops; branches of a par side by
   * side, whose loops go on at different speeds: with ports that never limit, that fit, and that do
   * not.
   */
  @ParameterizedTest
  @MethodSource("dev.weir.simulator.engine.SideBySide#schedules")
  void whatRunsSideBySideIsSkippedTogether(String schedule) {
    int cases = 0;
    int withSkips = 0;
    int withNestedSkips = 0;
    for (long dramWordsPerCycle : List.of(0L, 1L, 2L, 3L, 5L, 11L)) {
      for (long bufferWordsPerCycle : List.of(0L, 3L, 8L)) {
        SmallMachine machine = new SmallMachine(dramWordsPerCycle, bufferWordsPerCycle, 2);
        for (long tile = 1; tile < 5; tile++) {
          for (long width : List.of(7L, 40L)) {
            String shapes = "H=17 N=31 W=" + width;
            Problem problem = machine.problem(shapes, schedule.formatted(tile));
            SteadyState.Skipped skipped =
                skippedAlike(problem, machine + " " + shapes + " tile " + tile);
            cases++;
            withSkips += skipped.skips() > 0 ? 1 : 0;
            withNestedSkips += skipped.nested() > 0 ? 1 : 0;
          }
        }
      }
    }

    assertThat(withSkips).isGreaterThan(cases * 3 / 4);
    assertThat(withNestedSkips).isGreaterThan(cases / 4);
  }

  @ParameterizedTest
  @CsvSource({
    "'fusemax/binding', 'P1 = 16', 'P1 = 3', 'B=3 H=9 P=153 M=71 E=3 F=5'",
    "'fusemax/binding', 'P1 = 16', 'P1 = 7', 'B=1 H=2 P=600 M=90 E=4 F=4'",
    "'attention_3pass_unfused', 'none', 'none', 'B=5 H=7 P=36 M=41 E=6 F=5'",
  })
  void shippedSchedulesOnASmallMachine(String name, String from, String to, String shapes) {
    Schedule schedule = Examples.shipped(name, from, to, "256", "4").schedule();
    Architecture small = ExampleArchitectures.fuseMax(4, 1 << 16);

    SteadyState.Skipped skipped = skippedAlike(problem(schedule, small, shapes), shapes);

    assertThat(skipped.nested()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "B=5 H=12 P=1000 M=1000 E=64 F=64",
        "B=2 H=7 P=5000 M=5000 E=64 F=64",
        "B=1 H=1 P=16384 M=16384 E=64 F=64"
      })
  void fuseMax(String shapes) {
    SteadyState.Skipped skipped = skippedAlike(fuseMaxProblem(shapes), shapes);

    assertThat(skipped.nested()).isPositive();
  }

  /** A million tokens: nobody executes that, but the cost model counts in closed form. */
  @Test
  void fuseMaxOnAMillionTokensCountsWhatTheCostModelCounts() {
    Problem problem = fuseMaxProblem("B=64 H=12 P=1048576 M=1048576 E=64 F=64");
    Cost cost = CostModel.evaluate(problem);
    Problem unlimited = Machines.withBandwidths(problem, _ -> Optional.empty());

    Simulator.Outcome outcome = Simulator.run(problem, SimulationOptions.QUIET);
    SimulationResult unlimitedResult = Simulator.simulate(unlimited, SimulationOptions.QUIET);

    assertThat(outcome.result().counts()).isEqualTo(cost.counts());
    assertThat(outcome.result().cycles()).isGreaterThanOrEqualTo(cost.latencyCycles());
    assertThat(outcome.skipped().nested()).isPositive();
    assertThat(unlimitedResult.cycles()).isEqualTo(CostModel.evaluate(unlimited).latencyCycles());
  }

  private static Problem fuseMaxProblem(String shapes) {
    return problem(
        Examples.shipped("fusemax/binding").schedule(),
        ArchitectureReader.readFile(Path.of("../configs/architectures/fusemax_cloud.yaml")),
        shapes);
  }

  private static Problem problem(Schedule schedule, Architecture architecture, String shapes) {
    return Problem.of(
        Examples.cascade(schedule.cascade()), schedule, architecture, Examples.shapes(shapes));
  }
}
