package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.count.Counts;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.random.TableConditions;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Expected counts against the interpreter's: their mean over all values that the tables of a small
 * problem can have.
 */
class ExpectedCostTest {

  private static final long CASES = Long.getLong("weir.expected.cases", 600);

  /** Values of all tables together that are tried one by one. */
  private static final long MOST_TABLES = 150;

  private enum Kind {
    EXACT,
    EXPECTED,
    UPPER_BOUND
  }

  /** A random problem with conditions on tables, if it is legal and few tables decide it. */
  private static Optional<Problem> problem(long seed) {
    Random random = new Random(seed * 31 + 7);
    return Optional.of(TableConditions.added(random, RandomProblems.legal(seed)))
        .filter(problem -> !problem.cascade().distributions().isEmpty())
        .filter(problem -> AllTables.count(problem) <= MOST_TABLES)
        .filter(problem -> Legality.judge(problem).isLegal());
  }

  @Test
  void isTheMeanOverAllTables() {
    Map<Kind, Integer> found = new EnumMap<>(Kind.class);
    for (long seed = 0; seed < CASES; seed++) {
      Optional<Problem> problem = problem(seed);
      if (problem.isPresent()) {
        found.merge(agrees(problem.get(), seed), 1, Integer::sum);
      }
    }

    System.out.println(found);
    assertThat(found.get(Kind.EXPECTED)).isGreaterThan((int) CASES / 5);
  }

  private static Kind agrees(Problem problem, long seed) {
    Cost cost = CostModel.evaluate(problem);
    AllTables runs = AllTables.of(problem, seed);
    String what = "seed %d, %s".formatted(seed, RandomProblems.describe(problem));
    Counts counts = cost.counts();
    return switch (cost.accuracy()) {
      case Accuracy.Exact _ -> {
        assertThat(runs.isAlways(counts)).as(what).isTrue();
        yield Kind.EXACT;
      }
      case Accuracy.Expected _ -> {
        assertThat(AllTables.named(counts)).as(what).isEqualTo(runs.mean());
        yield Kind.EXPECTED;
      }
      case Accuracy.UpperBound _ -> {
        AllTables.named(counts)
            .forEach(
                (name, count) ->
                    assertThat(runs.most().getOrDefault(name, 0L))
                        .as("%s, %s", name, what)
                        .isLessThanOrEqualTo(count));
        yield Kind.UPPER_BOUND;
      }
    };
  }
}
