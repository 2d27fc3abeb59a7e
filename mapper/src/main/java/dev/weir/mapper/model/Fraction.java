package dev.weir.mapper.model;

import java.math.BigInteger;

/**
 * An exact number of things in the mean, of any size.
 *
 * @param numerator of any sign
 * @param denominator at least 1
 */
record Fraction(BigInteger numerator, BigInteger denominator) {

  static final Fraction ZERO = new Fraction(BigInteger.ZERO, BigInteger.ONE);

  Fraction {
    BigInteger divisor = numerator.gcd(denominator);
    if (!divisor.equals(BigInteger.ONE)) {
      numerator = numerator.divide(divisor);
      denominator = denominator.divide(divisor);
    }
  }

  static Fraction of(long whole) {
    return new Fraction(BigInteger.valueOf(whole), BigInteger.ONE);
  }

  Fraction plus(Fraction other) {
    return new Fraction(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  Fraction times(long factor) {
    return new Fraction(numerator.multiply(BigInteger.valueOf(factor)), denominator);
  }

  Fraction dividedBy(long divisor) {
    return new Fraction(numerator, denominator.multiply(BigInteger.valueOf(divisor)));
  }

  /**
   * The nearest whole number; of two the greater.
   *
   * @throws ArithmeticException if it does not fit a {@code long}
   */
  long rounded() {
    BigInteger twice = numerator.shiftLeft(1).add(denominator);
    BigInteger[] parts = twice.divideAndRemainder(denominator.shiftLeft(1));
    boolean isBelow = parts[1].signum() < 0;
    return (isBelow ? parts[0].subtract(BigInteger.ONE) : parts[0]).longValueExact();
  }
}
