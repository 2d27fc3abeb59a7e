package dev.weir.einsum.exact;

import java.util.OptionalLong;

/**
 * A prime field that exact values are known in. Exponentials are elements of a subgroup of its
 * multiplicative group, and exponents are known modulo the order of that subgroup, so fractions as
 * exponents have the denominators that the order has no factor in common with.
 */
@SuppressWarnings("ImmutableEnumChecker") // a record of two numbers is immutable
public enum ExactField {
  /**
   * The integers modulo 2^61 - 1. Its predecessor is 2 3^2 5^2 7 11 13 31 41 61 151 331 1321;
   * exponents are known modulo the product of the six largest, about 2^42, so that halves, thirds
   * and tenths of them exist.
   */
  MERSENNE(
      new Residues(61, 1),
      new Residues(61, 2),
      2L * 3 * 3 * 5 * 5 * 7 * 11 * 13,
      "31, 41, 61, 151, 331 or 1321",
      // The exponent of the group of units: the least common multiple of 30, 40, 60, 150, 330,
      // 1320.
      6_600),

  /**
   * The integers modulo 2^61 - 2373, the largest prime below 2^61 of which half the predecessor is
   * prime too, so that exponents are a field themselves: each fraction exists.
   */
  SAFE_PRIME(new Residues(61, 2373), new Residues(60, 1187), 2, "2^60 - 1187", (1L << 60) - 1188);

  private final Residues elements;
  private final Residues exponents;
  private final long cofactor;
  private final long order;
  private final String factors;
  private final long unitExponent;

  /**
   * @param exponents modulo a multiple of the order of the exponentials
   * @param cofactor how many times more elements the multiplicative group has than exponentials
   * @param factors the prime factors of the number of exponentials
   * @param unitExponent power that makes every unit modulo the order 1
   */
  ExactField(
      Residues elements, Residues exponents, long cofactor, String factors, long unitExponent) {
    this.elements = elements;
    this.exponents = exponents;
    this.cofactor = cofactor;
    this.order = (elements.modulus() - 1) / cofactor;
    this.factors = factors;
    this.unitExponent = unitExponent;
  }

  Residues elements() {
    return elements;
  }

  Residues exponents() {
    return exponents;
  }

  /** How many exponentials there are. */
  long order() {
    return order;
  }

  /** The primes that a denominator of an exponent must not be divisible by, in words. */
  String factors() {
    return factors;
  }

  /** The inverse of an element other than 0. */
  long inverse(long value) {
    if (value == 0) {
      throw new ArithmeticException("0 has no inverse");
    }
    return elements.power(value, elements.modulus() - 2);
  }

  /** The inverse of an exponent, if it has one. */
  OptionalLong exponentInverse(long exponent) {
    long inverse = exponents.power(exponent, unitExponent - 1);
    boolean isUnit = exponents.multiply(exponent, inverse) % order == 1;
    return isUnit ? OptionalLong.of(inverse) : OptionalLong.empty();
  }

  /** The exponential that an element decides. */
  long exponential(long element) {
    return elements.power(element, cofactor);
  }

  /** As it is written: {@code 2^61 - 1}. */
  @Override
  public String toString() {
    return elements.toString();
  }
}
