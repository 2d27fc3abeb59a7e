package dev.weir.einsum.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.ir.BinaryOperator;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the fields say of themselves, against integers of any size. */
class ExactFieldTest {

  private static final long SEED = 20261128;

  private static BigInteger big(long number) {
    return BigInteger.valueOf(number);
  }

  @Test
  void theirNamesAreTheirPrimes() {
    assertThat(ExactField.MERSENNE).hasToString("2^61 - 1");
    assertThat(ExactField.SAFE_PRIME).hasToString("2^61 - 2373");
    for (ExactField field : ExactField.values()) {
      assertThat(big(field.elements().modulus()).isProbablePrime(100)).isTrue();
    }
    assertThat(big(ExactField.SAFE_PRIME.order()).isProbablePrime(100)).isTrue();
    assertThat(ExactField.SAFE_PRIME.order() * 2 + 1)
        .isEqualTo(ExactField.SAFE_PRIME.elements().modulus());
    assertThat(ExactField.MERSENNE.order()).isEqualTo(31L * 41 * 61 * 151 * 331 * 1321);
  }

  @Test
  void noLargerPrimeBelowTheSamePowerOfTwoHasAPrimeHalf() {
    BigInteger power = BigInteger.ONE.shiftLeft(61);
    for (long offset = 1; offset < ExactField.SAFE_PRIME.elements().offset(); offset += 2) {
      BigInteger candidate = power.subtract(big(offset));
      assertThat(candidate.isProbablePrime(50) && candidate.shiftRight(1).isProbablePrime(50))
          .as("2^61 - %d", offset)
          .isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void inversesAreThoseOfIntegers(ExactField field) {
    BigInteger modulus = big(field.elements().modulus());
    BigInteger order = big(field.order());
    Random random = new Random(SEED);
    int units = 0;
    for (int i = 0; i < 2_000; i++) {
      long a = i < 100 ? i + 1 : random.nextLong(1, field.elements().modulus());
      assertThat(field.inverse(a)).isEqualTo(big(a).modInverse(modulus).longValueExact());

      long exponent = i < 100 ? i + 1 : random.nextLong(1, field.exponents().modulus());
      OptionalLong inverse = field.exponentInverse(exponent);
      boolean isUnit = big(exponent).gcd(order).equals(BigInteger.ONE);
      assertThat(inverse.isPresent()).as("%d, seed %d", exponent, SEED).isEqualTo(isUnit);
      if (isUnit) {
        units++;
        assertThat(big(inverse.getAsLong()).mod(order)).isEqualTo(big(exponent).modInverse(order));
      }
    }
    // Of the numbers modulo 31 41 61 151 331 1321, 92 % have no factor in common with it.
    assertThat(units).isGreaterThan(1_750);
    assertThat(field.exponentInverse(0)).isEmpty();
    assertThatThrownBy(() -> field.inverse(0)).hasMessage("0 has no inverse");
  }

  /** Only exponentials need exponents, and only those that are not whole can lack one. */
  @Test
  void whatHasNoExponentIsRefusedWhereItBecomesOne() {
    ExactArithmetic mersenne = new ExactArithmetic(ExactField.MERSENNE, SEED);
    ExactValue part = mersenne.divide(mersenne.whole(2), mersenne.whole(31));
    ExactValue two = mersenne.multiply(part, mersenne.whole(31));
    assertThat(two).isEqualTo(mersenne.whole(2));
    assertThat(mersenne.functions().exp(two))
        .isEqualTo(mersenne.functions().exp(mersenne.whole(2)));
    for (ExactValue lost :
        List.of(
            part,
            mersenne.negate(part),
            mersenne.add(part, mersenne.whole(1)),
            mersenne.add(part, mersenne.functions().exp(mersenne.whole(1))),
            mersenne.multiply(part, mersenne.number(0.5)),
            mersenne.divide(part, mersenne.whole(3)))) {
      assertThatThrownBy(() -> mersenne.functions().exp(lost))
          .isInstanceOf(ExactRefusal.class)
          .hasMessage(
              lost
                  + " is no exponent over 2^61 - 1: its denominator is divisible by 31, 41, 61,"
                  + " 151, 331 or 1321; evaluate over 2^61 - 2373");
    }

    ExactArithmetic safe = new ExactArithmetic(ExactField.SAFE_PRIME, SEED);
    ExactValue fraction = safe.divide(safe.whole(1), safe.whole(31));
    assertThat(safe.apply(BinaryOperator.POWER, safe.functions().exp(fraction), safe.whole(31)))
        .isEqualTo(safe.functions().exp(safe.whole(1)));
  }

  /** A difference that is a multiple of one prime is none of the other. */
  @Test
  void eachFieldTellsApartWhatTheOtherCannot() {
    for (ExactField field : ExactField.values()) {
      for (ExactField other : ExactField.values()) {
        ExactArithmetic arithmetic = new ExactArithmetic(field, SEED);
        ExactValue prime = arithmetic.whole(other.elements().modulus());
        assertThat(prime.equals(arithmetic.whole(0))).isEqualTo(field == other);
      }
    }
  }

  /** Exponents that are equal modulo the order give the same power of an exponential. */
  @ParameterizedTest
  @EnumSource
  void exponentialsHaveTheirOrder(ExactField field) {
    BigInteger modulus = big(field.elements().modulus());
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      long exponential = field.exponential(random.nextLong(2, field.elements().modulus()));
      assertThat(big(exponential).modPow(big(field.order()), modulus)).isEqualTo(BigInteger.ONE);
    }
    assertThat(field.exponents().modulus() % field.order()).isZero();
  }
}
