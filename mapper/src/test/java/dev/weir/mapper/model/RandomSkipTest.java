package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.random.RandomSkips;
import dev.weir.mapper.schedule.Problem;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Loops that skip what has no present point: cost model, interpreter and a walk over all iterations
 * on random problems.
 */
class RandomSkipTest {

  private static final long CASES = Long.getLong("skip.cases", 3_000);
  private static final long TIMED = Long.getLong("skip.timed", 400);

  /** Of all problems for which a lower bound is asked, at least this share has an exact time. */
  private static final double LEAST_EXACT = 0.05;

  private final LongAdder asked = new LongAdder();
  private final LongAdder exact = new LongAdder();

  @Test
  void countsWhatTheInterpreterCounts() {
    check(CASES, RandomCostTest::agreesOnCounts, "agreesOnCounts");
  }

  @Test
  void takesNoMoreThanAllIterationsAndOftenTheSame() {
    check(TIMED, this::agreesOnCycles, "agreesOnCycles");

    assertThat(exact.doubleValue()).isGreaterThan(LEAST_EXACT * asked.doubleValue());
  }

  private static void check(long cases, RandomCostTest.Agreement agreement, String method) {
    RandomCostTest.check(LongStream.range(0, cases), RandomSkips::of, agreement, method);
  }

  private void agreesOnCycles(Problem problem, long seed) {
    for (Problem variant : List.of(problem, TimeVariants.of(problem, new Random(seed)))) {
      long cycles = CostModel.evaluate(variant).latencyCycles();
      long walked = EveryIteration.cycles(variant);
      asked.increment();
      if (ExactTime.of(variant)) {
        exact.increment();
        assertThat(cycles).as("%s", variant.architecture()).isEqualTo(walked);
      } else {
        assertThat(cycles).as("%s", variant.architecture()).isLessThanOrEqualTo(walked);
      }
    }
  }
}
