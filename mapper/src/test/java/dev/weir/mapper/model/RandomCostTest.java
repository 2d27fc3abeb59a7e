package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cost model, interpreter and a walk over all iterations, on random problems. */
class RandomCostTest {

  /** Walking over all iterations takes longest, so every so many problems are timed. */
  private static final int TIMED = 8;

  @ParameterizedTest
  @ValueSource(ints = {0, 500, 1000, 1500})
  void agreesWithTheInterpreterAndWithAllIterations(int start) {
    int conditions = 0;
    for (long seed = start; seed < start + 500; seed++) {
      Problem problem = RandomProblems.legal(seed);
      conditions += hasCondition(problem) ? 1 : 0;
      agreesOnCounts(problem, seed);
      if (seed % TIMED == 0) {
        agreesOnCycles(problem, seed);
        agreesOnCycles(TimeVariants.of(problem, new Random(seed)), seed);
      }
    }
    assertThat(conditions).isGreaterThan(20);
  }

  private static boolean hasCondition(Problem problem) {
    return problem.cascade().einsums().stream().anyMatch(e -> e.condition().isPresent());
  }

  /** With a condition, all points count as if they were present, and the cost says so. */
  private static void agreesOnCounts(Problem problem, long seed) {
    Cost cost = CostModel.evaluate(problem);
    Counts dense = interpreted(withoutConditions(problem), seed);

    assertThat(cost.counts())
        .as("seed %d %s", seed, RandomProblems.describe(problem))
        .isEqualTo(dense);
    assertThat(cost.denseUpperBound()).isEqualTo(hasCondition(problem));
    if (cost.denseUpperBound()) {
      interpreted(problem, seed)
          .operations()
          .forEach(
              (work, count) ->
                  assertThat(count).isLessThanOrEqualTo(cost.counts().operations().get(work)));
    }
  }

  private static void agreesOnCycles(Problem problem, long seed) {
    assertThat(CostModel.evaluate(problem).latencyCycles())
        .as("seed %d %s %s", seed, problem.architecture(), RandomProblems.describe(problem))
        .isEqualTo(EveryIteration.cycles(problem));
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
