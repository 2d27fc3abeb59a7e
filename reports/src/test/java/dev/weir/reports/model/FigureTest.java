package dev.weir.reports.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureTest {

  private static final Source SOURCE = new Source("test", "by hand", List.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CYCLES     | 0              | 0 cycles
          CYCLES     | 1              | 1 cycle
          PASSES     | 1              | 1 pass
          PASSES     | 2              | 2 passes
          TIMES      | 25.963305308   | 25.96 ×
          CYCLES     | 48235520       | 48,235,520 cycles
          WORDS      | 999999         | 999,999 words
          WORDS      | 402653184      | 402.7 Mwords
          BYTES      | 1536           | 1.5 KiB
          BYTES      | 17179869184    | 16 GiB
          SECONDS    | 0.040998       | 41 ms
          SECONDS    | 0.0000012345   | 1.234 µs
          SECONDS    | 12.5           | 12.5 s
          PICOJOULES | 0.5            | 0.5 pJ
          PICOJOULES | 1234567890     | 1.235 mJ
          RATIO      | 0.98765        | 98.8 %
          RATIO      | 1              | 100 %
          RATIO      | 0.9994         | 99.9 %
          RATIO      | 0.99994        | 99.994 %
          RATIO      | 0.999999999    | > 99.999 %
          RATIO      | 1.0004         | 100.04 %
          RATIO      | 0              | 0 %
          RATIO      | 0.0000123      | 0.00123 %
          RATIO      | 0.0000000123   | < 0.001 %
          EINSUMS    | 12             | 12 Einsums
          OPERATIONS_PER_SECOND | 203000000000 | 203 Gflop/s
          ABSOLUTE   | 0.0000123      | 1.23e-05 abs.
          """)
  void peopleReadFewDigitsAndAUnit(Unit unit, BigDecimal value, String text) {
    assertThat(new Figure(value, unit, SOURCE).text()).isEqualTo(text);
  }

  @Test
  void roundingUpToTheNextPrefixUsesIt() {
    assertThat(Figure.of(999_999.9, Unit.PICOJOULES, SOURCE).text()).isEqualTo("1 µJ");
  }

  /** Against Java's own formatter of whole numbers, which shares nothing with ours. */
  @Test
  void exactTextHasEveryDigit() {
    long seed = 20261124;
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      long value = random.nextLong() >> random.nextInt(63);
      assertThat(Figure.of(value, Unit.WORDS, SOURCE).exact())
          .as("seed %d", seed)
          .isEqualTo(String.format(Locale.ROOT, "%,d words", value));
    }
  }
}
