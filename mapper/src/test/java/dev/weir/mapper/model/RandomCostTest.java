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
import org.junit.jupiter.api.Test;

/** Cost model, interpreter and a walk over all iterations, on random problems. */
class RandomCostTest {

  private static final int PROBLEMS = 2_000;

  @Test
  void countsWhatTheInterpreterCounts() {
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = withoutConditions(RandomProblems.legal(seed));

      Cost cost = CostModel.evaluate(problem);

      assertThat(cost.counts())
          .as("seed %d %s", seed, RandomProblems.describe(problem))
          .isEqualTo(interpreted(problem, seed));
      assertThat(cost.denseUpperBound()).isFalse();
    }
  }

  @Test
  void countsAbsentPointsAsPresentAndSaysSo() {
    int seen = 0;
    for (long seed = 0; seed < 500; seed++) {
      Problem problem = RandomProblems.legal(seed);
      if (problem.cascade().einsums().stream().anyMatch(e -> e.condition().isPresent())) {
        seen++;
        Cost cost = CostModel.evaluate(problem);
        Counts actual = interpreted(problem, seed);

        assertThat(cost.denseUpperBound()).isTrue();
        assertThat(cost.counts()).isEqualTo(interpreted(withoutConditions(problem), seed));
        actual
            .operations()
            .forEach(
                (work, count) ->
                    assertThat(count).isLessThanOrEqualTo(cost.counts().operations().get(work)));
      }
    }
    assertThat(seen).isGreaterThan(20);
  }

  @Test
  void takesTheCyclesOfAllIterations() {
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.legal(seed);
      agreesOnCycles(problem, seed);
      agreesOnCycles(TimeVariants.of(problem, new Random(seed)), seed);
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
