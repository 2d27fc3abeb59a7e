package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.model.Roofline;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.SimulationResult;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Where all readers of a schedule must agree, on random legal problems with tails everywhere. */
class RandomSimulationTest {

  private static final List<Problem> PROBLEMS =
      LongStream.range(0, 450)
          .mapToObj(RandomProblems::legal)
          .filter(problem -> Simulator.refusal(problem).isEmpty())
          .toList();

  private static final List<Axis.Fill> FILLS =
      List.of(Axis.Fill.USED, Axis.Fill.WHOLE, Axis.Fill.SKEWED);

  private static long cycles(Problem problem) {
    return Simulator.simulate(problem, SimulationOptions.QUIET).cycles();
  }

  private static Supplier<String> words(long seed, Problem problem) {
    return () -> "seed " + seed + " " + RandomProblems.describe(problem);
  }

  @Test
  void countsWhatTheInterpreterCounts() {
    for (int seed = 0; seed < PROBLEMS.size(); seed++) {
      Problem problem = PROBLEMS.get(seed);
      Counts expected =
          ScheduleInterpreter.run(problem, RandomProblems.inputs(problem, seed)).counts();

      Counts actual = Simulator.simulate(problem, SimulationOptions.QUIET).counts();

      assertThat(actual).as(words(seed, problem)).isEqualTo(expected);
    }
  }

  @Test
  void countsTheSameInWaves() {
    for (int seed = 0; seed < PROBLEMS.size(); seed++) {
      Problem problem = PROBLEMS.get(seed);
      if (isMasked(problem)) {
        continue;
      }
      Counts all = Simulator.simulate(problem, SimulationOptions.QUIET).counts();

      Counts inWaves =
          Simulator.simulate(Machines.withInstances(problem, 2), SimulationOptions.QUIET).counts();

      assertThat(inWaves).as(words(seed, problem)).isEqualTo(all);
    }
  }

  /** Across waves, what an absent point leaves of a multicast is not counted alike. */
  private static boolean isMasked(Problem problem) {
    return problem.cascade().einsums().stream().anyMatch(e -> e.condition().isPresent());
  }

  @Test
  void takesNoLessThanTheCostModelSaysAndThatNoLessThanTheRoofline() {
    for (int seed = 0; seed < PROBLEMS.size(); seed++) {
      Axis.Fill fill = FILLS.get(seed % FILLS.size());
      Problem problem = Machines.withInstances(PROBLEMS.get(seed), 3, fill);
      Cost cost = CostModel.evaluate(problem);
      assertThat(cycles(problem))
          .as(words(seed, problem))
          .isGreaterThanOrEqualTo(cost.latencyCycles());
      assertThat(cost.latencyCycles())
          .as(words(seed, problem))
          .isGreaterThanOrEqualTo(Roofline.of(problem.architecture(), cost.counts()).cycles());
    }
  }

  @Test
  void latenciesMoveTheSameWordsAndTakeNoLessThanTheCostModelSays() {
    int longer = 0;
    for (int seed = 0; seed < PROBLEMS.size(); seed++) {
      Problem problem = PROBLEMS.get(seed);
      Problem slow = Machines.withLatencies(problem, new Latency(40, 17), new Latency(3, 1));
      SimulationResult atOnce = Simulator.simulate(problem, SimulationOptions.QUIET);

      SimulationResult result = Simulator.simulate(slow, SimulationOptions.QUIET);

      assertThat(result.counts()).as(words(seed, problem)).isEqualTo(atOnce.counts());
      assertThat(result.cycles())
          .as(words(seed, problem))
          .isGreaterThanOrEqualTo(CostModel.evaluate(slow).latencyCycles());
      longer += result.cycles() > atOnce.cycles() ? 1 : 0;
    }
    assertThat(longer).isGreaterThan(PROBLEMS.size() * 9 / 10);
  }

  @Test
  void banksMoveTheSameWordsAndTakeNoLessThanTheCostModelSays() {
    int longer = 0;
    for (int seed = 0; seed < PROBLEMS.size(); seed++) {
      Problem problem = PROBLEMS.get(seed);
      Problem banked = Machines.withBanks(problem, 4);
      SimulationResult even = Simulator.simulate(problem, SimulationOptions.QUIET);

      SimulationResult result = Simulator.simulate(banked, SimulationOptions.QUIET);

      assertThat(result.counts()).as(words(seed, problem)).isEqualTo(even.counts());
      assertThat(result.cycles())
          .as(words(seed, problem))
          .isGreaterThanOrEqualTo(CostModel.evaluate(banked).latencyCycles());
      longer += result.cycles() > even.cycles() ? 1 : 0;
    }
    assertThat(longer).isGreaterThan(PROBLEMS.size() / 10);
  }

  @Test
  void takesExactlyTheStructuresTimeWhereMemoriesNeverLimit() {
    for (int seed = 0; seed < PROBLEMS.size(); seed++) {
      Problem unlimited = Machines.withBandwidths(PROBLEMS.get(seed), _ -> Optional.empty());
      Problem inWaves = Machines.withInstances(unlimited, 2);
      Problem whole = Machines.withInstances(unlimited, 3, Axis.Fill.WHOLE);

      assertThat(cycles(unlimited))
          .as(words(seed, unlimited))
          .isEqualTo(StructureTime.of(unlimited))
          .isEqualTo(CostModel.evaluate(unlimited).latencyCycles());
      assertThat(cycles(inWaves)).as(words(seed, inWaves)).isEqualTo(StructureTime.of(inWaves));
      assertThat(cycles(whole)).as(words(seed, whole)).isEqualTo(StructureTime.of(whole));
    }
  }

  /** Of skew the simulator and the cost model have two implementations. */
  @Test
  void takesTheCostModelsTimeOnSkewedAxesWhereMemoriesNeverLimit() {
    int longer = 0;
    for (int seed = 0; seed < PROBLEMS.size(); seed++) {
      Problem unlimited = Machines.withBandwidths(PROBLEMS.get(seed), _ -> Optional.empty());
      Problem skewed = Machines.withInstances(unlimited, 3, Axis.Fill.SKEWED);

      assertThat(cycles(skewed))
          .as(words(seed, skewed))
          .isEqualTo(CostModel.evaluate(skewed).latencyCycles());
      longer +=
          cycles(skewed) > cycles(Machines.withInstances(unlimited, 3, Axis.Fill.HIDDEN)) ? 1 : 0;
    }
    assertThat(longer).isGreaterThan(PROBLEMS.size() / 10);
  }

  /** Where transfers overlap there are scheduling anomalies; see {@code docs/simulator.md}. */
  @Test
  void moreBandwidthIsNotSlowerWhereTransfersDoNotOverlap() {
    for (int seed = 0; seed < PROBLEMS.size(); seed++) {
      Problem problem = PROBLEMS.get(seed);
      if (overlaps(problem.schedule().root())) {
        continue;
      }
      Problem wider =
          Machines.withBandwidths(problem, given -> given.map(RandomSimulationTest::wider));

      assertThat(cycles(wider)).as(words(seed, problem)).isLessThanOrEqualTo(cycles(problem));
    }
  }

  private static boolean overlaps(Node node) {
    boolean here =
        node instanceof Node.Par || (node instanceof Node.Keep keep && keep.doubleBuffered());
    return here || node.children().stream().anyMatch(RandomSimulationTest::overlaps);
  }

  private static Bandwidth wider(Bandwidth given) {
    return new Bandwidth(
        wider(given.readWordsPerCycle()), wider(given.writeWordsPerCycle()), given.shared());
  }

  private static Rational wider(Rational given) {
    return new Rational(given.numerator() * 7, given.denominator() * 5);
  }
}
