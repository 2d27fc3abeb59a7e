package dev.weir.einsum.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Arithmetic of residues against integers of any size. */
class ResiduesTest {

  private static final long SEED = 20261128;
  private static final List<Residues> MODULI =
      List.of(
          ExactField.MERSENNE.elements(),
          ExactField.MERSENNE.exponents(),
          ExactField.SAFE_PRIME.elements(),
          ExactField.SAFE_PRIME.exponents(),
          new Residues(13, 1));

  @Test
  void operatorsAgreeWithIntegersOfAnySize() {
    for (Residues residues : MODULI) {
      BigInteger modulus = BigInteger.valueOf(residues.modulus());
      Random random = new Random(SEED);
      for (int i = 0; i < 20_000; i++) {
        long a = element(residues, random);
        long b = element(residues, random);
        BigInteger x = BigInteger.valueOf(a);
        BigInteger y = BigInteger.valueOf(b);
        String what = "%s, %d, %d, seed %d".formatted(residues, a, b, SEED);
        assertThat(residues.add(a, b)).as(what).isEqualTo(whole(x.add(y).mod(modulus)));
        assertThat(residues.subtract(a, b)).as(what).isEqualTo(whole(x.subtract(y).mod(modulus)));
        assertThat(residues.negate(a)).as(what).isEqualTo(whole(x.negate().mod(modulus)));
        assertThat(residues.multiply(a, b)).as(what).isEqualTo(whole(x.multiply(y).mod(modulus)));
      }
      for (int i = 0; i < 500; i++) {
        long a = element(residues, random);
        long b = element(residues, random);
        BigInteger x = BigInteger.valueOf(a);
        assertThat(residues.power(a, b)).isEqualTo(whole(x.modPow(BigInteger.valueOf(b), modulus)));
      }
    }
  }

  /** Elements near both ends, where carries happen, as often as others. */
  private static long element(Residues residues, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3);
      case 1 -> residues.modulus() - 1 - random.nextInt(3);
      default -> random.nextLong(residues.modulus());
    };
  }

  private static long whole(BigInteger number) {
    return number.longValueExact();
  }

  @Test
  void wholeNumbersOfEitherSignHaveImages() {
    Residues residues = ExactField.SAFE_PRIME.elements();
    assertThat(residues.of(-1)).isEqualTo(residues.modulus() - 1);
    assertThat(residues.of(Long.MIN_VALUE))
        .isEqualTo(residues.of(BigInteger.valueOf(Long.MIN_VALUE)));
    assertThat(residues.of(residues.modulus())).isZero();
  }

  @Test
  void offsetsAreSmall() {
    assertThatThrownBy(() -> new Residues(61, 5000)).hasMessage("no residues modulo 2^61 - 5000");
  }
}
