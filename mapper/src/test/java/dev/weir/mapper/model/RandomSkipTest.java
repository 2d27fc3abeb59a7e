package dev.weir.mapper.model;

import dev.weir.mapper.random.RandomSkips;
import dev.weir.mapper.schedule.Problem;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Loops that skip what has no present point: cost model and interpreter on random problems. */
class RandomSkipTest {

  private static final long CASES = Long.getLong("skip.cases", 8_000);

  @Test
  void agreesWithTheInterpreter() {
    RandomCostTest.check(
        LongStream.range(0, CASES).filter(seed -> RandomSkips.of(seed).isPresent()),
        RandomSkipTest::problem,
        RandomCostTest::agreesOnCounts,
        "agreesOnCounts");
  }

  private static Problem problem(long seed) {
    return RandomSkips.of(seed).orElseThrow();
  }
}
