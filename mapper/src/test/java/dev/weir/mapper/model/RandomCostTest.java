package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.random.Feature;
import dev.weir.mapper.random.FeatureHistogram;
import dev.weir.mapper.random.Features;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
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
          Feature.PREDICATE,
          Feature.BYPASS,
          Feature.DOUBLE,
          Feature.MULTICAST);

  @Test
  void agreesWithTheInterpreter() {
    FeatureHistogram histogram = new FeatureHistogram();
    OptionalLong wrong =
        LongStream.range(0, CASES)
            .parallel()
            .filter(
                seed -> {
                  Problem problem = RandomProblems.legal(seed);
                  histogram.add(Features.of(problem));
                  return !agreesOnCounts(problem, seed);
                })
            .findFirst();

    assertThat(wrong).isEmpty();
    System.out.println("seeds 0 to " + (CASES - 1) + ": " + histogram);
    assertThat(histogram.rarerThan(LEAST_SHARE)).doesNotContainAnyElementsOf(REQUIRED);
  }

  @Test
  void agreesWithAllIterations() {
    OptionalLong wrong =
        LongStream.iterate(0, seed -> seed < CASES, seed -> seed + TIMED)
            .parallel()
            .filter(
                seed -> {
                  Problem problem = RandomProblems.legal(seed);
                  Problem varied = TimeVariants.of(problem, new Random(seed));
                  return !agreesOnCycles(problem) || !agreesOnCycles(varied);
                })
            .findFirst();

    assertThat(wrong).isEmpty();
  }

  /** Where the cost says that it counted all points as if present, so does the interpreter. */
  private static boolean agreesOnCounts(Problem problem, long seed) {
    Cost cost = CostModel.evaluate(problem);
    Problem counted = cost.denseUpperBound() ? withoutConditions(problem) : problem;
    return cost.counts().equals(interpreted(counted, seed))
        && mayBeDense(problem) == cost.denseUpperBound();
  }

  /** Until conditions are counted exactly: then never. */
  private static boolean mayBeDense(Problem problem) {
    return problem.cascade().einsums().stream().anyMatch(e -> e.condition().isPresent());
  }

  private static boolean agreesOnCycles(Problem problem) {
    return CostModel.evaluate(problem).latencyCycles() == EveryIteration.cycles(problem);
  }

  private static Counts interpreted(Problem problem, long seed) {
    return ScheduleInterpreter.run(problem, RandomProblems.inputs(problem, seed)).counts();
  }

  private static Problem withoutConditions(Problem problem) {
    Cascade cascade = problem.cascade();
    List<Einsum> einsums =
        cascade.einsums().stream()
            .map(e -> new Einsum(e.output(), e.value(), e.reduction(), Optional.empty()))
            .toList();
    return new Problem(
        new Cascade(
            cascade.name(), cascade.partitions(), cascade.tensors(), cascade.scalars(), einsums),
        problem.schedule(),
        problem.architecture(),
        problem.shapes());
  }
}
