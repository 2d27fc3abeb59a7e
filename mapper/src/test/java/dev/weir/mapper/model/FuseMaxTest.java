package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * FuseMax +Binding and unfused attention on the cloud architecture, batch 64, as consequences of
 * the schedules. Published numbers: micro24-fusemax-artifact,
 * outputs/pregenerated/results/attn-*.csv.
 */
class FuseMaxTest {

  private static final long BATCH = 64;
  private static final LevelName DRAM = new LevelName("DRAM");
  private static final UnitName ARRAY_2D = new UnitName("Array2D");
  private static final UnitName ARRAY_1D = new UnitName("Array1D");

  /** Heads, length, shape of a head, query tiles of a block; published seconds and utilisation. */
  @ParameterizedTest
  @CsvSource({
    "12,    1024,  64,   4, 0.00201314, 0.8896, 0.002",
    "12,    4096,  64,  16, 0.0297004,  0.9648, 0.0002",
    "12,   16384,  64,  64, 0.465166,   0.9856, 0.0002",
    "12,   65536,  64, 128, 7.4025,     0.9910, 0.0002",
    "12,  262144,  64, 128, 118.279,    0.9923, 0.0002",
    "12, 1048576,  64, 128, 1891.83,    0.9926, 0.0002",
    "16,    4096,  64,  16, 0.0396005,  0.9648, 0.0002",
    "8,     4096,  64,  16, 0.0198002,  0.9648, 0.0002",
    "16,    4096, 128,  16, 0.0764122,  0.9672, 0.0002",
    "16,  262144, 128,  64, 303.989,    0.9958, 0.0002",
    "16, 1048576, 128,  64, 4862.11,    0.9961, 0.0002"
  })
  void bindingReproducesThePublishedPoints(
      long heads,
      long length,
      long embedding,
      long queryTiles,
      double publishedSeconds,
      double publishedUtilisation,
      double tolerance) {
    Problem problem = Shipped.fuseMax(heads, length, embedding, queryTiles);
    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());

    Cost cost = CostModel.evaluate(problem);

    double blocks = length / 256.0;
    double tiles = BATCH * heads * blocks * blocks;
    double cyclesOfATile = 2 * embedding + 10 + embedding / blocks;
    assertThat((double) cost.latencyCycles())
        .isCloseTo(tiles * cyclesOfATile, withPercentage(0.2))
        .isGreaterThan(tiles * cyclesOfATile);
    assertThat(cost.seconds()).isCloseTo(publishedSeconds, withPercentage(0.05));
    assertThat(cost.utilisation().get(ARRAY_2D))
        .isCloseTo((2 * embedding + 9) / cyclesOfATile, within(tolerance))
        .isCloseTo(publishedUtilisation, within(tolerance));
    assertThat(cost.utilisation().get(ARRAY_1D)).isCloseTo(1, within(tolerance));
    assertThat(cost.bounds().getFirst().limitingLevel()).isEmpty();
  }

  /**
   * Where nothing is hidden, maxima leave the 2D array 255 cycles after its last row has begun. A
   * tile of scores takes 2E + 10 cycles, and is on the array for all but the last of them.
   */
  @ParameterizedTest
  @CsvSource({"12, 64, binding_skewed_64", "16, 128, binding_skewed_128"})
  void stagesFurtherApartTakeSkewIn(long heads, long embedding, String name) {
    long tiles = BATCH * heads * 16 * 16;
    long apart = cycles(name, heads, embedding);
    long near = cycles("binding", heads, embedding);

    assertThat((double) apart)
        .isCloseTo(tiles * (2 * embedding + 10 + embedding / 16.0), withPercentage(0.02));
    assertThat((double) near).isCloseTo(tiles * (2 * embedding + 9 + 255.0), withPercentage(0.02));
  }

  private static long cycles(String schedule, long heads, long embedding) {
    Problem problem =
        Shipped.problem(
            Shipped.schedule("fusemax/" + schedule),
            Shipped.architecture("architectures/fusemax/fusemax_skewed"),
            Shipped.attention(BATCH, heads, 4096, embedding));
    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());
    return CostModel.evaluate(problem).latencyCycles();
  }

  @ParameterizedTest
  @CsvSource({"4096, 16, 1", "65536, 128, 2", "1048576, 128, 32"})
  void bindingReadsKeysAndValuesOnceABlockOfQueries(
      long length, long queryTiles, long queryBlocks) {
    Cost cost = CostModel.evaluate(Shipped.fuseMax(12, length, 64, queryTiles));

    long once = BATCH * 12 * length * 64;
    assertThat(dram(cost, "Q", Movement.READ)).isEqualTo(once);
    assertThat(dram(cost, "AV", Movement.WRITE)).isEqualTo(once);
    assertThat(dram(cost, "K", Movement.READ)).isEqualTo(once * queryBlocks);
    assertThat(dram(cost, "V", Movement.READ)).isEqualTo(once * queryBlocks);
    assertThat(cost.counts().words(DRAM, true) + cost.counts().words(DRAM, false))
        .isEqualTo(2 * once * (1 + queryBlocks));
  }

  /** The published bound, 251 tiles, counts Q once; Q is double here. */
  @Test
  void twiceThePublishedBlockOfQueriesDoesNotFit() {
    Cost cost = CostModel.evaluate(Shipped.fuseMax(12, 1 << 20, 64, 128));
    long words = cost.counts().peakOccupancyWords().get(new LevelName("GlobalBuffer"));

    assertThat(words).isLessThanOrEqualTo(8L << 20);
    assertThat(Legality.judge(Shipped.fuseMax(12, 1 << 20, 64, 256)).isLegal()).isFalse();
  }

  /**
   * Every score crosses the border of the chip seven times: QK is written, read for its maximum and
   * read again; SN is written and read; A is written and read. K and V are read once a tile of
   * queries.
   */
  @ParameterizedTest
  @CsvSource({"1024", "4096", "16384"})
  void unfusedMovesEveryScoreSevenTimes(long length) {
    Cost cost = CostModel.evaluate(unfused(length));

    long blocks = length / 256;
    long scores = BATCH * 12 * length * length;
    long rows = BATCH * 12 * length * 64;

    assertThat(cost.counts().words(DRAM, true) + cost.counts().words(DRAM, false))
        .isEqualTo(7 * scores + 2 * rows + 2 * rows * blocks);
  }

  /**
   * The products are limited by memory. Of the three parts of the softmax, which follow one another
   * for every tile of queries, the first hides its work behind loads but for the last tile, the
   * second hides its transfers behind 7 + 1 cycles a score but for the first and the last, the
   * third is all transfers.
   */
  @ParameterizedTest
  @CsvSource({"1024", "4096", "16384"})
  void unfusedTakesWhatItsPartsTake(long length) {
    Cost cost = CostModel.evaluate(unfused(length));

    long blocks = length / 256;
    long tilesOfQueries = BATCH * 12 * blocks;
    long transfer = memoryCycles(256 * 256);
    long product = memoryCycles(tilesOfQueries * (blocks * (256 * 256 + 256 * 64) + 256 * 64));
    long maximum = blocks * transfer + 256;
    long exponentials = blocks * (7 + 1) * 256 + 2 * transfer;
    long quotients = 2 * blocks * transfer;

    assertThat(cost.latencyCycles())
        .isEqualTo(2 * product + tilesOfQueries * (maximum + exponentials + quotients));
  }

  private static Problem unfused(long length) {
    return Shipped.problem(
        Shipped.schedule("attention_3pass_unfused"),
        Shipped.architecture("architectures/fusemax_cloud"),
        Shipped.attention(BATCH, 12, length, 64));
  }

  /** 400 GiB/s of words of 2 bytes at 940 MHz. */
  private static long memoryCycles(long words) {
    BigInteger wordsPerSecond = BigInteger.valueOf(400L << 29);
    return BigInteger.valueOf(words)
        .multiply(BigInteger.valueOf(940_000_000))
        .add(wordsPerSecond.subtract(BigInteger.ONE))
        .divide(wordsPerSecond)
        .longValueExact();
  }

  private static long dram(Cost cost, String tensor, Movement movement) {
    return cost.counts()
        .trafficWords()
        .get(new Counts.Traffic(new TensorName(tensor), DRAM, movement));
  }
}
