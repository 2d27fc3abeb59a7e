package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Projection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold of costs whatever the schedule, on random problems and on shipped schedules. */
class PropertiesTest {

  private static final long CASES = 1_000;

  private static final String SHIPPED = "dev.weir.mapper.model.ShippedCostTest#problems";

  /** Problems that took fewer cycles with more bandwidth at all levels. */
  private static final LongAdder FASTER = new LongAdder();

  /** Pairs of a problem and a longer one that were both legal. */
  private static final LongAdder LENGTHENED = new LongAdder();

  private static void ofRandomProblems(RandomCostTest.Agreement property, String method) {
    System.out.println(method + ": seeds 0 to " + (CASES - 1));
    RandomCostTest.check(LongStream.range(0, CASES), property, method);
  }

  @Test
  void moreBandwidthNeverCostsCycles() {
    FASTER.reset();
    ofRandomProblems(PropertiesTest::fasterWithMoreBandwidth, "fasterWithMoreBandwidth");

    System.out.println("fasterWithMoreBandwidth: " + FASTER + " problems took fewer cycles");
    assertThat(FASTER.sum()).isGreaterThan(CASES / 2);
  }

  @ParameterizedTest
  @MethodSource(SHIPPED)
  void moreBandwidthNeverCostsCyclesOfShippedSchedules(Problem problem) {
    for (long seed = 0; seed < 20; seed++) {
      fasterWithMoreBandwidth(problem, seed);
    }
  }

  @Test
  void longerRanksNeverCostLess() {
    LENGTHENED.reset();
    ofRandomProblems(PropertiesTest::dearerWhenLongerUnlessMapped, "dearerWhenLongerUnlessMapped");

    System.out.println("dearerWhenLonger: " + LENGTHENED + " longer problems were legal");
    assertThat(LENGTHENED.sum()).isGreaterThan(CASES);
  }

  /** The time of loads through maps is a lower bound, looser where tiles differ more. */
  private static void dearerWhenLongerUnlessMapped(Problem problem, long seed) {
    if (Projection.all(problem.cascade()).values().stream().noneMatch(Projection::isMapped)) {
      dearerWhenLonger(problem, seed);
    }
  }

  @ParameterizedTest
  @MethodSource(SHIPPED)
  void longerRanksNeverCostLessOfShippedSchedules(Problem problem) {
    for (long seed = 0; seed < 4; seed++) {
      dearerWhenLonger(problem, seed);
    }
  }

  @Test
  void cyclesAreAtLeastTheRoofline() {
    ofRandomProblems(PropertiesTest::atLeastTheRoofline, "atLeastTheRoofline");
  }

  @ParameterizedTest
  @MethodSource(SHIPPED)
  void cyclesAreAtLeastTheRooflineOfShippedSchedules(Problem problem) {
    for (long seed = 0; seed < 4; seed++) {
      atLeastTheRoofline(problem, seed);
    }
  }

  /** The problem, and one with other rates and buffers. */
  private static List<Problem> variants(Problem problem, long seed) {
    return List.of(problem, TimeVariants.of(problem, new Random(seed)));
  }

  /** At each level alone, and at all of them. */
  private static void fasterWithMoreBandwidth(Problem problem, long seed) {
    Random random = new Random(seed);
    for (Problem variant : variants(problem, seed)) {
      long cycles = CostModel.evaluate(variant).latencyCycles();
      List<MemoryLevel> levels = variant.architecture().levels();
      List<MemoryLevel> all = new ArrayList<>();
      for (MemoryLevel level : levels) {
        MemoryLevel wider = wider(level, random);
        all.add(wider);
        assertThat(cyclesWith(variant, one -> one.equals(level) ? wider : one))
            .as("%s instead of %s", wider, level)
            .isLessThanOrEqualTo(cycles);
      }
      long fewer = cyclesWith(variant, one -> all.get(levels.indexOf(one)));
      assertThat(fewer).as("%s instead of %s", all, levels).isLessThanOrEqualTo(cycles);
      if (fewer < cycles) {
        FASTER.increment();
      }
    }
  }

  private static long cyclesWith(Problem problem, UnaryOperator<MemoryLevel> change) {
    Architecture machine = problem.architecture();
    Architecture changed =
        new Architecture(
            machine.name(),
            machine.description(),
            machine.clockHertz(),
            machine.wordBits(),
            machine.levels().stream().map(change).toList(),
            machine.units(),
            machine.links(),
            machine.sources());
    return CostModel.evaluate(
            new Problem(problem.cascade(), problem.schedule(), changed, problem.shapes()))
        .latencyCycles();
  }

  /** Up to three times as wide, or without a limit. */
  private static MemoryLevel wider(MemoryLevel level, Random random) {
    Optional<Bandwidth> bandwidth =
        level.bandwidth().filter(_ -> random.nextInt(6) > 0).map(old -> wider(old, random));
    return new MemoryLevel(
        level.name(),
        level.capacityWords(),
        level.instanceAxes(),
        bandwidth,
        level.readPicojoules(),
        level.writePicojoules());
  }

  private static Bandwidth wider(Bandwidth old, Random random) {
    Rational read = wider(old.readWordsPerCycle(), random);
    Rational write = old.shared() ? read : wider(old.writeWordsPerCycle(), random);
    return new Bandwidth(read, write, old.shared());
  }

  private static Rational wider(Rational rate, Random random) {
    int more = random.nextInt(9);
    return new Rational(rate.numerator() * (4 + more), rate.denominator() * 4);
  }

  /** Each rank longer by 1, where the schedule stays legal. */
  private static void dearerWhenLonger(Problem problem, long seed) {
    for (Problem variant : variants(problem, seed)) {
      if (Legality.judge(variant).isLegal()) {
        Cost cost = CostModel.evaluate(variant);
        for (RankName rank : variant.cascade().workloadRanks()) {
          Problem longer = longer(variant, rank);
          if (Legality.judge(longer).isLegal()) {
            LENGTHENED.increment();
            atLeast(cost, CostModel.evaluate(longer), rank);
          }
        }
      }
    }
  }

  private static void atLeast(Cost cost, Cost longer, RankName rank) {
    assertThat(longer.latencyCycles())
        .as("cycles with %s longer by 1", rank)
        .isGreaterThanOrEqualTo(cost.latencyCycles());
    Counts before = cost.counts();
    Counts after = longer.counts();
    before
        .trafficWords()
        .forEach(
            (traffic, words) ->
                assertThat(after.trafficWords().getOrDefault(traffic, 0L))
                    .as("%s with %s longer by 1", traffic, rank)
                    .isGreaterThanOrEqualTo(words));
    before
        .operations()
        .forEach(
            (work, operations) ->
                assertThat(after.operations().getOrDefault(work, 0L))
                    .as("%s with %s longer by 1", work, rank)
                    .isGreaterThanOrEqualTo(operations));
  }

  private static Problem longer(Problem problem, RankName longer) {
    Map<RankName, Long> workload = new HashMap<>();
    for (RankName rank : problem.cascade().workloadRanks()) {
      workload.put(rank, problem.shapes().of(rank));
    }
    for (Partition split : problem.cascade().partitions()) {
      if (!problem.schedule().shapes().containsKey(split.inner())) {
        workload.put(split.inner(), problem.shapes().of(split.inner()));
      }
    }
    workload.merge(longer, 1L, Long::sum);
    return Problem.of(problem.cascade(), problem.schedule(), problem.architecture(), workload);
  }

  /** Counted by the interpreter, which knows nothing of the model. */
  private static void atLeastTheRoofline(Problem problem, long seed) {
    Counts counts = ScheduleInterpreter.run(problem, RandomProblems.inputs(problem, seed)).counts();
    for (Problem variant : variants(problem, seed)) {
      Architecture machine = variant.architecture();
      double cycles = CostModel.evaluate(variant).latencyCycles();
      Roofline roofline = Roofline.of(machine, counts);

      for (ComputeUnit unit : machine.units()) {
        assertThat(busyCycles(unit, counts))
            .as("%s", unit)
            .isLessThanOrEqualTo(cycles * (1 + 1e-9))
            .isCloseTo(roofline.unitCycles().get(unit.name()) - 0.5, within(0.5 + 1e-9 * cycles));
      }
      for (MemoryLevel level : machine.levels()) {
        assertThat(movingCycles(level, counts) / machine.instances(level))
            .as("%s", level)
            .isLessThanOrEqualTo(cycles * (1 + 1e-9));
      }
    }
  }

  private static double busyCycles(ComputeUnit unit, Counts counts) {
    double busy = 0;
    for (Map.Entry<Counts.Work, Long> work : counts.operations().entrySet()) {
      if (work.getKey().unit().equals(unit.name())) {
        OperationCost cost = unit.operations().get(work.getKey().kind());
        busy += work.getValue() * cost.initiationIntervalCycles().toDouble();
      }
    }
    return busy / unit.instances();
  }

  /** Of one instance that moves all words. */
  private static double movingCycles(MemoryLevel level, Counts counts) {
    if (level.bandwidth().isEmpty()) {
      return 0;
    }
    Bandwidth bandwidth = level.bandwidth().get();
    double reading = counts.words(level.name(), true) / bandwidth.readWordsPerCycle().toDouble();
    double writing = counts.words(level.name(), false) / bandwidth.writeWordsPerCycle().toDouble();
    return bandwidth.shared() ? reading + writing : Math.max(reading, writing);
  }
}
