package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.random.Feature;
import dev.weir.mapper.random.FeatureHistogram;
import dev.weir.mapper.random.Features;
import dev.weir.mapper.random.ProblemText;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.random.Shrinker;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Projection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Cost model, interpreter and a walk over all iterations, on random problems. */
class RandomCostTest {

  private static final long CASES = 20_000;

  /** Walking over all iterations takes longest, so every so many problems are timed. */
  private static final long TIMED = 40;

  /** Of which at least this share of all cases must have each. */
  private static final double LEAST_SHARE = 0.05;

  private static final Set<Feature> REQUIRED =
      EnumSet.of(
          Feature.IMPERFECT_FACTOR,
          Feature.FUSION,
          Feature.PIPELINE,
          Feature.WINDOW,
          Feature.AFFINE_WINDOW,
          Feature.PREDICATE,
          Feature.BYPASS,
          Feature.DOUBLE,
          Feature.MULTICAST);

  @Test
  void agreesWithTheInterpreter() {
    FeatureHistogram histogram = new FeatureHistogram();
    check(
        LongStream.range(0, CASES),
        (problem, seed) -> {
          agreesOnCounts(problem, seed);
          histogram.add(Features.of(problem));
        },
        "agreesOnCounts");

    System.out.println("seeds 0 to " + (CASES - 1) + ": " + histogram);
    assertThat(histogram.rarerThan(LEAST_SHARE)).doesNotContainAnyElementsOf(REQUIRED);
  }

  @Test
  void agreesWithAllIterations() {
    check(
        LongStream.iterate(0, seed -> seed < CASES, seed -> seed + TIMED),
        RandomCostTest::agreesOnCycles,
        "agreesOnCycles");
  }

  /** An assertion about a problem, with a seed for its inputs or its variants. */
  interface Agreement {
    void holds(Problem problem, long seed);

    /** What it says when it fails; failing to answer is a disagreement too. */
    default Optional<Throwable> failure(Problem problem, long seed) {
      try {
        holds(problem, seed);
        return Optional.empty();
      } catch (RuntimeException | AssertionError failure) {
        return Optional.of(failure);
      }
    }
  }

  /** Shrinks the first problem that fails, and prints it as a test. */
  static void check(LongStream seeds, Agreement agreement, String method) {
    check(seeds, seed -> Optional.of(RandomProblems.legal(seed)), agreement, method);
  }

  /** The same on other problems by seed, for some of which there is none. */
  static void check(
      LongStream seeds,
      LongFunction<Optional<Problem>> problems,
      Agreement agreement,
      String method) {
    OptionalLong wrong =
        seeds
            .parallel()
            .filter(
                seed ->
                    problems
                        .apply(seed)
                        .flatMap(problem -> agreement.failure(problem, seed))
                        .isPresent())
            .findFirst();
    if (wrong.isPresent()) {
      long seed = wrong.getAsLong();
      Problem shrunk =
          Shrinker.shrink(
              problems.apply(seed).orElseThrow(),
              problem -> agreement.failure(problem, seed).isPresent());
      String test = ProblemText.test(shrunk, seed, "%s(problem, %d);".formatted(method, seed));
      fail(
          "seed %d fails; shrunk:%n%n%s".formatted(seed, test),
          agreement.failure(shrunk, seed).orElseThrow());
    }
  }

  static void agreesOnCounts(Problem problem, long seed) {
    Cost cost = CostModel.evaluate(problem);

    assertThat(cost.counts()).isEqualTo(interpreted(problem, seed));
    assertThat(cost.accuracy()).isEqualTo(new Accuracy.Exact());
  }

  /** Of windows and head maps the model knows no positions, and takes the least there can be. */
  private static void agreesOnCycles(Problem problem, long seed) {
    boolean isMapped =
        Projection.all(problem.cascade()).values().stream().anyMatch(Projection::isMapped);
    for (Problem variant : List.of(problem, TimeVariants.of(problem, new Random(seed)))) {
      long cycles = CostModel.evaluate(variant).latencyCycles();
      long walked = EveryIteration.cycles(variant);
      if (isMapped) {
        assertThat(cycles).as("%s", variant.architecture()).isLessThanOrEqualTo(walked);
      } else {
        assertThat(cycles).as("%s", variant.architecture()).isEqualTo(walked);
      }
    }
  }

  private static Counts interpreted(Problem problem, long seed) {
    return ScheduleInterpreter.run(problem, RandomProblems.inputs(problem, seed)).counts();
  }
}
