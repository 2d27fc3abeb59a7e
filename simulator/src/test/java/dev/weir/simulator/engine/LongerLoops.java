package dev.weir.simulator.engine;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/** Random legal problems by seed whose loops are long enough for a state to come again. */
public final class LongerLoops {

  private static final int ATTEMPTS = 8;
  private static final int MOST_ADDED = 24;

  private LongerLoops() {}

  /** Nothing if no such problem that can be simulated was found. */
  public static Optional<Problem> problem(long seed) {
    Random random = new Random(seed * 6_151 + 5);
    Problem given = RandomProblems.legal(seed);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Problem longer = withShapes(given, shapes(random, given));
      if (Legality.judge(longer).isLegal() && Simulator.refusal(longer).isEmpty()) {
        return Optional.of(onAnotherMachine(random, longer));
      }
    }
    return Optional.empty();
  }

  private static Map<RankName, Long> shapes(Random random, Problem given) {
    Map<RankName, Long> shapes = new HashMap<>();
    for (RankName rank : new TreeSet<>(given.cascade().workloadRanks())) {
      long added = random.nextInt(3) == 0 ? 0 : random.nextInt(MOST_ADDED);
      shapes.put(rank, given.shapes().of(rank) + added);
    }
    return shapes;
  }

  private static Problem withShapes(Problem given, Map<RankName, Long> shapes) {
    return Problem.of(given.cascade(), given.schedule(), given.architecture(), shapes);
  }

  /** As it is, in waves, or with memories that take fractions of a cycle. */
  private static Problem onAnotherMachine(Random random, Problem problem) {
    return switch (random.nextInt(3)) {
      case 0 -> problem;
      case 1 -> Machines.withInstances(problem, 2);
      default -> Machines.withBandwidths(problem, given -> given.map(rate -> slower(random, rate)));
    };
  }

  private static Bandwidth slower(Random random, Bandwidth given) {
    return new Bandwidth(
        slower(random, given.readWordsPerCycle()),
        slower(random, given.writeWordsPerCycle()),
        false);
  }

  private static Rational slower(Random random, Rational given) {
    return new Rational(given.numerator() * 5, given.denominator() * (7 + random.nextInt(20)));
  }
}
