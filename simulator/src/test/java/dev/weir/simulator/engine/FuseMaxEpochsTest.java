package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a tile of scores costs FuseMax where nothing is hidden, term by term as in
 * docs/fusemax-cycles.md: each way of a maximum or sum decides at some distance of stages.
 */
class FuseMaxEpochsTest {

  private static final long HOPS = 255;

  /** An exponential takes seven slots, all else one. */
  private static final long EXP = 7;

  @ParameterizedTest
  @CsvSource({
    // Maxima decide, then all that is left is work.
    "1, 2, 3, 64",
    "2, 4, 7, 64",
    "3, 5, 8, 64",
    "1, 2, 3, 128",
    "2, 3, 5, 128",
    // Running maxima on their way up decide.
    "3, 4, 7, 64",
    // Weighted values decide.
    "3, 5, 6, 64",
    "3, 5, 7, 64",
    "2, 3, 4, 128",
  })
  void aTileTakesAsLongAsTheSlowestWay(int maxima, int weights, int sums, long embedding) {
    FuseMaxPipeline stages = new FuseMaxPipeline(maxima, weights, sums);
    long products = EXP + 1 + 2 * embedding;
    long work = EXP + 3 + 2 * embedding;

    long expected = work;
    expected = Math.max(expected, epochs(products + 1 + HOPS, maxima));
    expected = Math.max(expected, epochs(1 + HOPS, weights - maxima));
    expected = Math.max(expected, epochs(EXP + 1 + HOPS - (EXP + 2), sums - weights));
    expected = Math.max(expected, epochs(products + HOPS - (EXP + 3), sums - weights));

    assertThat(stages.simulated("binding", "fusemax/fusemax_skewed", 256, embedding))
        .isEqualTo(expected);
  }

  /** Sums of the first product are there sooner, the others are where they were. */
  @ParameterizedTest
  @CsvSource({"1, 2, 3, 64", "3, 4, 6, 64", "3, 5, 6, 64", "3, 5, 8, 64", "1, 2, 3, 128"})
  void inTurnOnlyWeightedValuesComeSooner(int maxima, int weights, int sums, long embedding) {
    FuseMaxPipeline stages = new FuseMaxPipeline(maxima, weights, sums);
    long both = EXP + 1 + 2 * embedding;
    long first = EXP + 1 + embedding;

    long expected = withPorts(embedding);
    expected = Math.max(expected, epochs(both + 1 + HOPS, maxima));
    expected = Math.max(expected, epochs(1 + HOPS, weights - maxima));
    expected = Math.max(expected, epochs(first + HOPS - (EXP + 3), sums - weights));

    assertThat(stages.simulated("binding_in_turn", "fusemax/fusemax_skewed", 256, embedding))
        .isEqualTo(expected);
  }

  private static long epochs(long cycles, int distance) {
    return Math.ceilDiv(cycles, distance);
  }

  /** Five rows of 256 words a cycle at four ports. */
  private static long withPorts(long embedding) {
    return EXP + 3 + embedding + embedding * 5 / 4;
  }

  /** However they are ordered. */
  @ParameterizedTest
  @CsvSource({"binding, 64", "binding_in_turn, 128", "architecture, 64", "architecture, 128"})
  void arraysHaveTheirOperationsToDo(String schedule, long embedding) {
    FuseMaxPipeline stages = new FuseMaxPipeline(1, 2, 3);
    String machine = "fusemax/fusemax_skewed";

    assertThat(stages.busy("Array2D", schedule, machine, 256, embedding))
        .isEqualTo(EXP + 2 + 2 * embedding);
    assertThat(stages.busy("Array1D", schedule, machine, 256, embedding))
        .isEqualTo(EXP + 3 + 2 * embedding);
  }

  /** A tile that has the machine to itself: three ways of 255 hops, one after the other. */
  @ParameterizedTest
  @CsvSource({"64, 256", "128, 256", "64, 128", "8, 16"})
  void tileAfterTileEveryWayCounts(long embedding, long width) {
    FuseMaxPipeline stages = new FuseMaxPipeline(1, 2, 3);
    long scores = embedding + 1;
    long rest = 1 + EXP + 1 + 2 * embedding;

    assertThat(stages.simulated("architecture", "fusemax/cycles_ideal", width, embedding))
        .isEqualTo(scores + rest);
    assertThat(stages.simulated("architecture", "fusemax_cloud_unpipelined", width, embedding))
        .isEqualTo(scores + 256 + rest);
    assertThat(stages.simulated("architecture", "fusemax/fusemax_skewed", width, embedding))
        .isEqualTo(scores + rest + 3 * (width - 1));
  }
}
