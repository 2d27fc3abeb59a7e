package dev.weir.mapper.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Optional;

/**
 * An exact non-negative fraction in lowest terms, of any size: 400 GiB/s at 940 MHz is no decimal
 * number and its parts need not fit a {@code long} on the way.
 *
 * @param numerator at least 0
 * @param denominator at least 1
 */
public record Fraction(BigInteger numerator, BigInteger denominator) {

  public static final Fraction ONE = of(1);

  /** Far more digits than a double keeps, so that rounding twice does not show. */
  private static final MathContext DIGITS = new MathContext(60);

  public Fraction {
    if (numerator.signum() < 0 || denominator.signum() < 1) {
      throw new IllegalArgumentException(numerator + "/" + denominator);
    }
    BigInteger divisor = numerator.gcd(denominator);
    numerator = numerator.divide(divisor);
    denominator = denominator.divide(divisor);
  }

  public static Fraction of(long whole) {
    return new Fraction(BigInteger.valueOf(whole), BigInteger.ONE);
  }

  /** The same number as a decimal one. */
  public static Fraction of(BigDecimal decimal) {
    return decimal.scale() <= 0
        ? new Fraction(decimal.toBigIntegerExact(), BigInteger.ONE)
        : new Fraction(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale()));
  }

  public Fraction times(Fraction factor) {
    return new Fraction(
        numerator.multiply(factor.numerator), denominator.multiply(factor.denominator));
  }

  /** This ÷ divisor; the divisor is not 0. */
  public Fraction dividedBy(Fraction divisor) {
    return new Fraction(
        numerator.multiply(divisor.denominator), denominator.multiply(divisor.numerator));
  }

  public boolean isZero() {
    return numerator.signum() == 0;
  }

  /** The whole number that this is, when it is one and fits. */
  public Optional<Long> whole() {
    return denominator.equals(BigInteger.ONE) && numerator.bitLength() < Long.SIZE
        ? Optional.of(numerator.longValueExact())
        : Optional.empty();
  }

  /** The least whole number that is not less, when it fits. */
  public Optional<Long> ceiling() {
    BigInteger[] parts = numerator.divideAndRemainder(denominator);
    BigInteger up = parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
    return up.bitLength() < Long.SIZE ? Optional.of(up.longValueExact()) : Optional.empty();
  }

  /** The nearest double. */
  public double toDouble() {
    return new BigDecimal(numerator).divide(new BigDecimal(denominator), DIGITS).doubleValue();
  }

  @Override
  public String toString() {
    return denominator.equals(BigInteger.ONE)
        ? numerator.toString()
        : numerator + "/" + denominator;
  }
}
