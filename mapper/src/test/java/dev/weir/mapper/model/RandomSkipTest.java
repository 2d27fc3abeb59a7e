package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.random.RandomSkips;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Projection;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Loops that skip what has no present point: cost model and interpreter on random problems. */
class RandomSkipTest {

  private static final long TIMED = Long.getLong("skip.timed", 1_000);

  private static final long CASES = Long.getLong("skip.cases", 8_000);

  @Test
  void agreesWithTheInterpreter() {
    RandomCostTest.check(
        LongStream.range(0, CASES).filter(seed -> RandomSkips.of(seed).isPresent()),
        RandomSkipTest::problem,
        RandomCostTest::agreesOnCounts,
        "agreesOnCounts");
  }

  @Test
  void takesNoMoreThanAllIterations() {
    RandomCostTest.check(
        LongStream.range(0, TIMED).filter(seed -> RandomSkips.of(seed).isPresent()),
        RandomSkipTest::problem,
        RandomSkipTest::agreesOnCycles,
        "agreesOnCycles");
    System.out.println("STAT " + java.util.Arrays.toString(STAT));
  }

  static final long[] STAT = new long[6];

  /** Equal where {@link #isExact} says so, and never more. */
  static void agreesOnCycles(Problem problem, long seed) {
    for (Problem variant : List.of(problem, TimeVariants.of(problem, new Random(seed)))) {
      long cycles = CostModel.evaluate(variant).latencyCycles();
      long walked = EveryIteration.cycles(variant);
      STAT[0]++;
      if (cycles == walked) STAT[1]++;
      if (isExact(variant)) STAT[2]++;
      if (isExact(variant) && cycles == walked) STAT[3]++;
      STAT[4] += cycles;
      STAT[5] += walked;
      assertThat(cycles).as("%s", variant.architecture()).isLessThanOrEqualTo(walked);
      if (isExact(variant)) {
        assertThat(cycles).as("%s", variant.architecture()).isEqualTo(walked);
      }
    }
  }

  private static boolean isExact(Problem problem) {
    boolean isMapped =
        Projection.all(problem.cascade()).values().stream().anyMatch(Projection::isMapped);
    return !isMapped && isExact(problem, problem.schedule().root(), false, false);
  }

  /**
   * Whether positions and sizes decide the time of a node.
   *
   * @param skipped whether a loop around it skips
   * @param apart whether it is in a pipeline, or instances around it may visit different iterations
   */
  private static boolean isExact(Problem problem, Node node, boolean skipped, boolean apart) {
    boolean skips = node instanceof Node.For loop && loop.skip();
    boolean isNest = isNest(node);
    boolean fills =
        node instanceof Node.Spatial spatial
            && !problem.architecture().axis(spatial.axis()).orElseThrow().hidden();
    if ((skips && apart)
        || (skipped && node instanceof Node.Keep keep && !isPlain(problem, keep))
        || (isNest && fills && skipped)) {
      return false;
    }
    boolean parts = node instanceof Node.Pipeline || (node instanceof Node.Spatial && !isNest);
    return node.children().stream()
        .allMatch(child -> isExact(problem, child, skipped || skips, apart || parts));
  }

  private static boolean isNest(Node node) {
    return switch (node) {
      case Node.For loop -> isNest(loop.body());
      case Node.Spatial loop -> isNest(loop.body());
      case Node.Compute _ -> true;
      case Node.Iterate _, Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ -> false;
      case Node.Pipeline _, Node.Stage _, Node.Interleave _ -> false;
    };
  }

  /** Nothing of it overlaps with the work, and no sums come back to it. */
  private static boolean isPlain(Problem problem, Node.Keep keep) {
    CascadeFacts facts = new CascadeFacts(problem.cascade());
    return !keep.doubleBuffered()
        && keep.tensors().stream()
            .noneMatch(
                tensor ->
                    Walk.isProducedIn(keep, tensor)
                        && facts
                            .producer(tensor)
                            .filter(e -> !e.reducedRanks().isEmpty())
                            .isPresent());
  }

  private static Problem problem(long seed) {
    return RandomSkips.of(seed).orElseThrow();
  }
}
