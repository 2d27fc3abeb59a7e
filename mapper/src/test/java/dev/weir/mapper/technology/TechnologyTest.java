package dev.weir.mapper.technology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.mapper.technology.Technology.Known;
import dev.weir.mapper.technology.Technology.Unknown;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped table gives back what was published, and sensible figures between. */
class TechnologyTest {

  private static final Technology TABLE = TechnologyReader.shipped("45nm");

  /** The last digit that the artifact's tables print. */
  private static final Offset<Double> LAST_DIGIT = within(1.1e-6);

  private static MemoryCost cost(MemoryClass kind, long words, int wordBits) {
    return ((Known) TABLE.memory(kind, Optional.of(words), wordBits)).cost();
  }

  @ParameterizedTest
  @CsvSource({
    // rows of 16 bit, area in um^2 and energies in pJ: ART and ERT of the artifact's
    // area_energy/outputs-*
    "16, 0.385026, 0.336188, 2145.41936",
    "32, 0.653431, 0.56957, 4255.9342",
  })
  void registerFilesHaveTheirPublishedFigures(
      long words, double read, double write, double squareMicrometres) {
    MemoryCost cost = cost(MemoryClass.REGISTER_FILE, words, 16);

    assertThat(cost.readPicojoules()).isCloseTo(read, LAST_DIGIT);
    assertThat(cost.writePicojoules()).isCloseTo(write, LAST_DIGIT);
    assertThat(cost.squareMillimetres().orElseThrow())
        .isCloseTo(squareMicrometres * 1e-6, within(1e-11));
  }

  @Test
  void registerFilesFollowTheirFormula() {
    long seed = 20261128;
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      int words = 1 + random.nextInt(256);
      int bits = 1 + random.nextInt(32);
      int addressBits = 1;
      while ((1 << addressBits) < words) {
        addressBits++;
      }
      // 64 comparators of 0.02947 pJ and 32 flip-flops of 0.009 pJ; area per bit and per row
      double share = bits / 32.0 * Math.pow(words / 64.0, 0.78);
      double read = share * (64 * 0.02947 + 32 * 0.009) + 0.00027612 + 0.0040197 * addressBits;
      double area = words * bits * (5.98 + 71 / 32.0) + 2 * 5.81742 * addressBits;
      MemoryCost cost = cost(MemoryClass.REGISTER_FILE, words, bits);

      assertThat(cost.readPicojoules())
          .as("seed %d: %d words of %d bit", seed, words, bits)
          .isCloseTo(read, within(1e-9));
      assertThat(cost.squareMillimetres().orElseThrow()).isCloseTo(area * 1e-6, within(1e-12));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4096, 2.5, 2.5",
    "16384, 5, 5",
    "524288, 25, 25",
    "16777216, 121.2431775, 112.8256775"
  })
  void buffersHaveTheirPublishedEnergies(long words, double read, double write) {
    MemoryCost cost = cost(MemoryClass.SRAM, words, 16);

    assertThat(cost.readPicojoules()).isCloseTo(read, within(1e-9));
    assertThat(cost.writePicojoules()).isCloseTo(write, within(1e-9));
  }

  @Test
  void bufferHasItsPublishedArea() {
    assertThat(cost(MemoryClass.SRAM, 16_777_216, 16).squareMillimetres().orElseThrow())
        .isCloseTo(94.176, within(1e-9));
    assertThat(cost(MemoryClass.SRAM, 8192, 16).squareMillimetres().orElseThrow())
        .isCloseTo(0.0538482, within(1e-12));
  }

  @Test
  void halfWayBetweenTwoBuffersOnLogarithmicAxesIsTheirGeometricMean() {
    // 16 KiB lies in the middle of 8 and 32 KiB
    assertThat(cost(MemoryClass.SRAM, 8192, 16).readPicojoules())
        .isCloseTo(Math.sqrt(2.5 * 5), within(1e-9));
    // 2 KiB continues the line, which has half the energy for a quarter of the size
    assertThat(cost(MemoryClass.SRAM, 1024, 16).readPicojoules()).isCloseTo(1.25, within(1e-9));
  }

  /**
   * The two sources of the curve know nothing of each other: the law through Horowitz's first and
   * last point foretells the artifact's memory, which is 32 times larger, within a tenth.
   */
  @Test
  void sourcesOfTheCurveAgree() {
    double foretold = 25 * Math.pow(32, Math.log(10) / Math.log(128));

    assertThat(cost(MemoryClass.SRAM, 16_777_216, 16).readPicojoules())
        .isBetween(foretold * 0.9, foretold * 1.1);
  }

  @Test
  void largerBuffersCostMore() {
    for (long words = 64; words < 1L << 30; words *= 2) {
      MemoryCost smaller = cost(MemoryClass.SRAM, words, 16);
      MemoryCost larger = cost(MemoryClass.SRAM, 2 * words, 16);

      assertThat(larger.readPicojoules()).isGreaterThan(smaller.readPicojoules());
      assertThat(larger.squareMillimetres().orElseThrow())
          .isGreaterThan(smaller.squareMillimetres().orElseThrow());
    }
  }

  @Test
  void memoryOffTheChipCostsByTheBit() {
    Known known = (Known) TABLE.memory(MemoryClass.DRAM, Optional.empty(), 16);

    assertThat(known.cost()).isEqualTo(new MemoryCost(62.4, 62.4, Optional.of(0.0)));
    assertThat(known.source()).contains("HBM2");
  }

  @Test
  void operationsHaveTheirPublishedFigures() {
    OperationFigures mac = TABLE.operation("mac").orElseThrow();

    assertThat(mac.picojoules()).isEqualTo(17.1645);
    assertThat(mac.squareMillimetres()).hasValue(0.001545);
    // a multiply-accumulate unit is its multiplier and its adder
    assertThat(figure("multiply") + figure("add")).isCloseTo(mac.picojoules(), within(1e-9));
    assertThat(figure("exp"))
        .as("five multiply-accumulates and a multiplication")
        .isCloseTo(5 * 17.1645 + 8.825, within(1e-9));
    assertThat(TABLE.operation("sigmoid")).isEmpty();
  }

  private static double figure(String operation) {
    return TABLE.operation(operation).orElseThrow().picojoules();
  }

  @Test
  void whatNoLawCoversIsNotMadeUp() {
    assertThat(TABLE.memory(MemoryClass.REGISTER_FILE, Optional.of(257L), 16))
        .isEqualTo(
            new Unknown(
                "covers register files of up to 256 words (got 257 words, expected fewer, class"
                    + " sram or figures of its own)"));
    assertThat(TABLE.memory(MemoryClass.REGISTER_FILE, Optional.of(4L), 64))
        .isEqualTo(
            new Unknown("covers words of up to 32 bit (got 64 bit, expected figures of its own)"));
    assertThat(TABLE.memory(MemoryClass.SRAM, Optional.empty(), 16))
        .isEqualTo(new Unknown("has no sram without a capacity (got none, expected class dram)"));
  }
}
