package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Where all readers of a schedule must agree, on random legal problems with tails everywhere. */
class RandomSimulationTest {

  private static final long PROBLEMS = 400;

  private static long cycles(Problem problem) {
    return Simulator.simulate(problem, SimulationOptions.QUIET).cycles();
  }

  private static Supplier<String> words(long seed, Problem problem) {
    return () -> "seed " + seed + " " + RandomProblems.describe(problem);
  }

  @Test
  void countsWhatTheInterpreterCounts() {
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.legal(seed);
      Counts expected =
          ScheduleInterpreter.run(problem, RandomProblems.inputs(problem, seed)).counts();

      Counts actual = Simulator.simulate(problem, SimulationOptions.QUIET).counts();

      assertThat(actual).as(words(seed, problem)).isEqualTo(expected);
    }
  }

  @Test
  void countsTheSameInWaves() {
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.legal(seed);
      if (isMasked(problem)) {
        continue;
      }
      Counts all = Simulator.simulate(problem, SimulationOptions.QUIET).counts();

      Counts inWaves =
          Simulator.simulate(Machines.withInstances(problem, 2), SimulationOptions.QUIET).counts();

      assertThat(inWaves).as(words(seed, problem)).isEqualTo(all);
    }
  }

  /** Of a masked Einsum the cost model counts all points, so its times are no lower bounds. */
  private static boolean isMasked(Problem problem) {
    return problem.cascade().einsums().stream().anyMatch(e -> e.condition().isPresent());
  }

  @Test
  void takesNoLessThanTheCostModelSays() {
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = Machines.withInstances(RandomProblems.legal(seed), 3);
      if (isMasked(problem)) {
        continue;
      }
      assertThat(cycles(problem))
          .as(words(seed, problem))
          .isGreaterThanOrEqualTo(CostModel.evaluate(problem).latencyCycles());
    }
  }

  @Test
  void takesExactlyTheStructuresTimeWhereMemoriesNeverLimit() {
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem unlimited =
          Machines.withBandwidths(RandomProblems.legal(seed), _ -> Optional.empty());
      Problem inWaves = Machines.withInstances(unlimited, 2);

      assertThat(cycles(unlimited))
          .as(words(seed, unlimited))
          .isEqualTo(StructureTime.of(unlimited));
      assertThat(cycles(inWaves)).as(words(seed, inWaves)).isEqualTo(StructureTime.of(inWaves));
    }
  }

  @Test
  void twiceTheBandwidthIsNotSlower() {
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.legal(seed);
      Problem wider =
          Machines.withBandwidths(problem, given -> given.map(RandomSimulationTest::twice));

      assertThat(cycles(wider)).as(words(seed, problem)).isLessThanOrEqualTo(cycles(problem));
    }
  }

  private static Bandwidth twice(Bandwidth given) {
    return new Bandwidth(
        given.readWordsPerCycle().times(2), given.writeWordsPerCycle().times(2), given.shared());
  }
}
