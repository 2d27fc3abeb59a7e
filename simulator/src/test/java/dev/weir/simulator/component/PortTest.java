package dev.weir.simulator.component;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.Rational;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A port has served its words at the end of a cycle, and has not at the end of the one before. */
class PortTest {

  private static Port port(long numerator, long denominator) {
    return new Port(new LevelName("L"), new Rational(numerator, denominator), false);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 1, 40, 10",
    "4, 1, 41, 11",
    "4, 1, 1, 1",
    "4, 1, 0, 0",
    // 10,000 words in 47 cycles, about 213 a cycle.
    "10000, 47, 212, 1",
    "10000, 47, 213, 2",
    "10000, 47, 10000, 47",
    "10000, 47, 10001, 48",
    // A word in three cycles.
    "1, 3, 1, 3",
    "1, 3, 2, 6",
    // Words × denominator exceed 63 bits.
    "3000, 1000000007, 9000000000000, 3000000021000000000",
    "3000, 1000000007, 9000000000001, 3000000021000333334",
  })
  void wordsTakeTheFirstWholeCycleInWhichAllHavePassed(
      long numerator, long denominator, long words, long cycles) {
    assertThat(port(numerator, denominator).cycles(words)).isEqualTo(cycles);
    assertThat(passed(numerator, denominator, cycles, words)).isTrue();
    if (cycles > 0) {
      assertThat(passed(numerator, denominator, cycles - 1, words)).isFalse();
    }
  }

  /** Whether so many words can have passed in so many cycles, in exact numbers. */
  private static boolean passed(long numerator, long denominator, long cycles, long words) {
    BigInteger most = BigInteger.valueOf(cycles).multiply(BigInteger.valueOf(numerator));
    return most.compareTo(BigInteger.valueOf(words).multiply(BigInteger.valueOf(denominator))) >= 0;
  }

  @Test
  void aPortIsInUseUntilItsLastFlowEnds() {
    Port port = port(4, 1);
    Service service = Service.of(0, List.of(new Service.Demand(port, 8)));

    service.begin();
    service.begin();
    service.end();

    assertThat(port.isInUse()).isTrue();
    assertThat(port.servedWords()).isEqualTo(8);
    service.end();
    assertThat(port.isInUse()).isFalse();
    assertThat(port.servedWords()).isEqualTo(16);
  }
}
