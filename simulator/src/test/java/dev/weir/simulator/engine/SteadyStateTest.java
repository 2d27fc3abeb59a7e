package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.simulator.stats.SimulationResult;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    for (long seed = 0; seed < 250; seed++) {
      Optional<Problem> problem = LongerLoops.problem(seed);
      if (problem.isPresent()) {
        String what = "seed " + seed + " " + RandomProblems.describe(problem.get());
        SteadyState.Skipped skipped = skippedAlike(problem.get(), what);
        problems++;
        withSkips += skipped.skips() > 0 ? 1 : 0;
        withNestedSkips += skipped.nested() > 0 ? 1 : 0;
      }
    }

    assertThat(problems).isGreaterThan(120);
    assertThat(withSkips).isGreaterThan(problems / 4);
    assertThat(withNestedSkips).isGreaterThan(problems / 12);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 5, 7})
  void stagesOfManyEpochsFlowFromOneOuterStepToTheNext(long dramWordsPerCycle) {
    Problem problem =
        new SmallMachine(dramWordsPerCycle, 3, 2)
            .problem(
                "H=30 N=23 W=10",
                """
                  for h by 1 flow {
                    keep B at Buffer double
                    pipeline n by 2 {
                      keep A at Buffer double
                      keep X at Buffer copies 5
                      par {
                        stage 0  for n by 1  for w by 1  compute X on U
                        seq {
                          stage 4  for n by 1  for w by 1  compute Z on V
                          stage 2  for n by 1  for w by 4  spatial w by 1 on V.lanes  compute Y on V
                        }
                      }
                    }
                  }
                """);

    SteadyState.Skipped skipped = skippedAlike(problem, "pipeline");

    assertThat(skipped.skips()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"20, 1", "5, 3", "0, 7"})
  void doubleKeepsRunAheadAcrossLoops(long dramWordsPerCycle, long tile) {
    SteadyState.Skipped skipped = skippedAlike(doubleKeeps(dramWordsPerCycle, tile), "ahead");

    assertThat(skipped.nested()).isPositive();
  }

  /** The outer tile arrives in what the inner ones leave, so the inner loop never comes to rest. */
  @ParameterizedTest
  @CsvSource({"2, 1", "3, 2"})
  void outerLoopsSkipWhereInnerOnesCannot(long dramWordsPerCycle, long tile) {
    SteadyState.Skipped skipped = skippedAlike(doubleKeeps(dramWordsPerCycle, tile), "slow");

    assertThat(skipped.skips()).isPositive();
  }

  private static Problem doubleKeeps(long dramWordsPerCycle, long tile) {
    return new SmallMachine(dramWordsPerCycle, 0, 0)
        .problem(
            "H=20 N=45 W=10",
            """
              for h by 1 {
                keep B at Buffer double
                for n by %d {
                  keep A at Buffer double
                  for n by 1 {
                    keep A, X at Buffer double
                    for w by 1  compute X on U
                  }
                }
              }
            """
                .formatted(tile));
  }

  @ParameterizedTest
  @CsvSource({"2, 40", "3, 40", "0, 7", "0, 40", "5, 11"})
  void branchesSkipTogether(long dramWordsPerCycle, long width) {
    Problem problem =
        new SmallMachine(dramWordsPerCycle, 0, 0)
            .problem(
                "H=30 N=25 W=" + width,
                """
                  for h by 1
                  par {
                    for n by 1 {
                      keep A, X at Buffer double
                      for w by 1  compute X on U
                    }
                    for n by 2 {
                      keep B, Y at Buffer
                      for n by 1  for w by 4  spatial w by 1 on V.lanes  compute Y on V
                    }
                  }
                """);

    SteadyState.Skipped skipped = skippedAlike(problem, "branches");

    assertThat(skipped.skips()).isPositive();
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
