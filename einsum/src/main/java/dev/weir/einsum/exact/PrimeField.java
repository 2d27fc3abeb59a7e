package dev.weir.einsum.exact;

import java.math.BigInteger;

/**
 * The integers modulo a prime {@code 2^bits - offset}; elements are longs from 0 to less than the
 * prime. The modulus must leave room for two carries, hence at most 61 bits, and a small offset
 * makes the reduction of a product two multiplications.
 *
 * @param bits of the power of two just above the prime
 * @param offset how far below it the prime lies; less than 2^12
 */
record PrimeField(int bits, long offset) {

  /**
   * Where values live: the largest prime {@code P < 2^61} for which (P - 1) / 2 is prime too. 2^61
   * - 1, whose predecessor has many small factors, would leave exponents without division.
   */
  static final PrimeField VALUES = new PrimeField(61, 2373);

  /** Where exponents live: modulo (P - 1) / 2, the order of the squares of {@link #VALUES}. */
  static final PrimeField EXPONENTS = new PrimeField(60, 1187);

  PrimeField {
    if (bits < 2 || bits > 61 || offset < 1 || offset >= 1 << 12) {
      throw new IllegalArgumentException("no field modulo 2^" + bits + " - " + offset);
    }
  }

  long modulus() {
    return (1L << bits) - offset;
  }

  /** The element that a whole number is equal to. */
  long of(long number) {
    return Math.floorMod(number, modulus());
  }

  /** The element that a whole number of any size is equal to. */
  long of(BigInteger number) {
    return number.mod(BigInteger.valueOf(modulus())).longValueExact();
  }

  long add(long a, long b) {
    return reduced(a + b);
  }

  long subtract(long a, long b) {
    return a < b ? a - b + modulus() : a - b;
  }

  long negate(long a) {
    return subtract(0, a);
  }

  /** 2^bits counts as the offset: the upper half of the product is folded onto the lower twice. */
  long multiply(long a, long b) {
    long low = a * b;
    long upper = (Math.multiplyHigh(a, b) << (64 - bits)) | (low >>> bits);
    long again = upper * offset;
    long rest = (Math.multiplyHigh(upper, offset) << (64 - bits)) | (again >>> bits);
    long mask = (1L << bits) - 1;
    return reduced(reduced((low & mask) + (again & mask)) + rest * offset);
  }

  /** A power with an exponent of at least 0. */
  long power(long base, long exponent) {
    long result = 1;
    long square = base;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result = multiply(result, square);
      }
      square = multiply(square, square);
    }
    return result;
  }

  /** The inverse of an element other than 0. */
  long inverse(long a) {
    if (a == 0) {
      throw new ArithmeticException("0 has no inverse");
    }
    return power(a, modulus() - 2);
  }

  private long reduced(long sum) {
    return sum >= modulus() ? sum - modulus() : sum;
  }
}
