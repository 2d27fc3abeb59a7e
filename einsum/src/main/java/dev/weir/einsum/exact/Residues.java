package dev.weir.einsum.exact;

import java.math.BigInteger;

/**
 * The integers modulo a number a little below a power of two; elements are longs from 0 to less
 * than it. The modulus must leave room for two carries, hence at most 61 bits, and a small offset
 * makes the reduction of a product two multiplications.
 *
 * @param bits of the power of two just above the modulus
 * @param offset how far below it the modulus lies; less than 2^12
 */
record Residues(int bits, long offset) {

  Residues {
    if (bits < 2 || bits > 61 || offset < 1 || offset >= 1 << 12) {
      throw new IllegalArgumentException("no residues modulo 2^" + bits + " - " + offset);
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

  @Override
  public String toString() {
    return "2^" + bits + " - " + offset;
  }

  private long reduced(long sum) {
    return sum >= modulus() ? sum - modulus() : sum;
  }
}
