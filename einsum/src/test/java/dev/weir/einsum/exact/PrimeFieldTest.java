package dev.weir.einsum.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Arithmetic of the fields against integers of any size. */
class PrimeFieldTest {

  private static final long SEED = 20261128;
  private static final List<PrimeField> FIELDS =
      List.of(
          PrimeField.VALUES, PrimeField.EXPONENTS, new PrimeField(61, 1), new PrimeField(13, 1));

  @Test
  void bothModuliArePrimeAndExponentsAreOfTheOrderOfSquares() {
    BigInteger values = BigInteger.valueOf(PrimeField.VALUES.modulus());
    BigInteger exponents = BigInteger.valueOf(PrimeField.EXPONENTS.modulus());
    assertThat(values.isProbablePrime(100)).isTrue();
    assertThat(exponents.isProbablePrime(100)).isTrue();
    assertThat(values).isEqualTo(exponents.shiftLeft(1).add(BigInteger.ONE));
  }

  @Test
  void noLargerPrimeBelowTheSamePowerOfTwoHasAPrimeHalf() {
    BigInteger power = BigInteger.ONE.shiftLeft(61);
    for (long offset = 1; offset < PrimeField.VALUES.offset(); offset += 2) {
      BigInteger candidate = power.subtract(BigInteger.valueOf(offset));
      assertThat(candidate.isProbablePrime(50) && candidate.shiftRight(1).isProbablePrime(50))
          .as("2^61 - %d", offset)
          .isFalse();
    }
  }

  @Test
  void operatorsAgreeWithIntegersOfAnySize() {
    for (PrimeField field : FIELDS) {
      BigInteger modulus = BigInteger.valueOf(field.modulus());
      Random random = new Random(SEED);
      for (int i = 0; i < 20_000; i++) {
        long a = element(field, random);
        long b = element(field, random);
        BigInteger x = BigInteger.valueOf(a);
        BigInteger y = BigInteger.valueOf(b);
        String what = "%s, %d, %d, seed %d".formatted(field, a, b, SEED);
        assertThat(field.add(a, b)).as(what).isEqualTo(whole(x.add(y).mod(modulus)));
        assertThat(field.subtract(a, b)).as(what).isEqualTo(whole(x.subtract(y).mod(modulus)));
        assertThat(field.negate(a)).as(what).isEqualTo(whole(x.negate().mod(modulus)));
        assertThat(field.multiply(a, b)).as(what).isEqualTo(whole(x.multiply(y).mod(modulus)));
      }
      for (int i = 0; i < 500; i++) {
        long a = element(field, random);
        long b = element(field, random);
        BigInteger x = BigInteger.valueOf(a);
        assertThat(field.power(a, b)).isEqualTo(whole(x.modPow(BigInteger.valueOf(b), modulus)));
        if (a != 0) {
          assertThat(field.inverse(a)).isEqualTo(whole(x.modInverse(modulus)));
        }
      }
    }
  }

  /** Elements near both ends, where carries happen, as often as others. */
  private static long element(PrimeField field, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3);
      case 1 -> field.modulus() - 1 - random.nextInt(3);
      default -> random.nextLong(field.modulus());
    };
  }

  private static long whole(BigInteger number) {
    return number.longValueExact();
  }

  @Test
  void wholeNumbersOfEitherSignHaveImages() {
    PrimeField field = PrimeField.VALUES;
    assertThat(field.of(-1)).isEqualTo(field.modulus() - 1);
    assertThat(field.of(Long.MIN_VALUE)).isEqualTo(field.of(BigInteger.valueOf(Long.MIN_VALUE)));
    assertThat(field.of(field.modulus())).isZero();
  }

  @Test
  void zeroHasNoInverseAndOffsetsAreSmall() {
    assertThatThrownBy(() -> PrimeField.VALUES.inverse(0)).hasMessage("0 has no inverse");
    assertThatThrownBy(() -> new PrimeField(61, 5000)).hasMessage("no field modulo 2^61 - 5000");
  }
}
