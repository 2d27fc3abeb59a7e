package dev.weir.mapper.arch;

import java.math.BigInteger;

/**
 * An exact non-negative fraction in lowest terms: words per cycle, cycles per operation.
 *
 * @param numerator at least 0
 * @param denominator at least 1
 */
public record Rational(long numerator, long denominator) implements Comparable<Rational> {

  public static final Rational ZERO = new Rational(0, 1);

  public Rational {
    if (numerator < 0 || denominator < 1) {
      throw new IllegalArgumentException(numerator + "/" + denominator);
    }
    long divisor =
        BigInteger.valueOf(numerator).gcd(BigInteger.valueOf(denominator)).longValueExact();
    numerator /= divisor;
    denominator /= divisor;
  }

  public static Rational of(long whole) {
    return new Rational(whole, 1);
  }

  public Rational plus(Rational other) {
    return new Rational(
        Math.addExact(
            Math.multiplyExact(numerator, other.denominator),
            Math.multiplyExact(other.numerator, denominator)),
        Math.multiplyExact(denominator, other.denominator));
  }

  public Rational times(long factor) {
    return new Rational(Math.multiplyExact(numerator, factor), denominator);
  }

  /** The smallest whole number that is not less. */
  public long ceiling() {
    return Math.ceilDiv(numerator, denominator);
  }

  /** ⌈amount ÷ this⌉: cycles that {@code amount} words take at this many words per cycle. */
  public long ceilingOfQuotient(long amount) {
    long scaled = amount * denominator;
    if (Math.multiplyHigh(amount, denominator) == 0 && scaled >= 0) {
      return Math.ceilDiv(scaled, numerator);
    }
    BigInteger exact = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(denominator));
    BigInteger[] parts = exact.divideAndRemainder(BigInteger.valueOf(numerator));
    return parts[0].longValueExact() + (parts[1].signum() == 0 ? 0 : 1);
  }

  public double toDouble() {
    return (double) numerator / denominator;
  }

  @Override
  public int compareTo(Rational other) {
    return BigInteger.valueOf(numerator)
        .multiply(BigInteger.valueOf(other.denominator))
        .compareTo(BigInteger.valueOf(other.numerator).multiply(BigInteger.valueOf(denominator)));
  }

  @Override
  public String toString() {
    return denominator == 1 ? Long.toString(numerator) : numerator + "/" + denominator;
  }
}
