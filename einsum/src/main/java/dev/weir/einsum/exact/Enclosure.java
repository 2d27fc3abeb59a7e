package dev.weir.einsum.exact;

import java.util.function.DoubleUnaryOperator;

/**
 * A closed interval of real numbers that certainly holds a number; a point where double precision
 * is exact. Bounds may be infinite, the number is not.
 *
 * @param low at most the number
 * @param high at least the number
 */
record Enclosure(double low, double high) {

  static final Enclosure ANY = new Enclosure(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /**
   * Below this, what a fused multiplication says of the error of a product may be rounded itself.
   */
  private static final double SMALLEST_EXACT = 0x1p-900;

  static Enclosure of(double number) {
    return new Enclosure(number, number);
  }

  boolean isPoint() {
    return low == high;
  }

  boolean holds(double number) {
    return low <= number && number <= high;
  }

  Enclosure negated() {
    return new Enclosure(-high, -low);
  }

  Enclosure plus(Enclosure other) {
    return new Enclosure(sum(low, other.low, -1), sum(high, other.high, 1));
  }

  Enclosure times(Enclosure other) {
    if (isPoint() && other.isPoint()) {
      return new Enclosure(product(low, other.low, -1), product(low, other.low, 1));
    }
    return hull(
        new double[] {low, low, high, high},
        new double[] {other.low, other.high, other.low, other.high},
        Enclosure::product);
  }

  /** The quotient; any number if the divisor may be 0. */
  Enclosure over(Enclosure divisor) {
    if (divisor.holds(0)) {
      return ANY;
    }
    if (isPoint() && divisor.isPoint()) {
      return new Enclosure(quotient(low, divisor.low, -1), quotient(low, divisor.low, 1));
    }
    return hull(
        new double[] {low, low, high, high},
        new double[] {divisor.low, divisor.high, divisor.low, divisor.high},
        Enclosure::quotient);
  }

  /** A function that never falls, of a library that errs by less than 4 units in the last place. */
  Enclosure rising(DoubleUnaryOperator function, double least, double most) {
    double below = function.applyAsDouble(low);
    double above = function.applyAsDouble(high);
    return new Enclosure(
        Math.max(
            least, Double.isInfinite(below) ? Math.nextDown(below) : below - 4 * Math.ulp(below)),
        Math.min(most, Double.isInfinite(above) ? above : above + 4 * Math.ulp(above)));
  }

  /** Rounds towards the side of the sign. */
  @FunctionalInterface
  private interface Rounded {
    double apply(double a, double b, int side);
  }

  private static Enclosure hull(double[] left, double[] right, Rounded operator) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < left.length; i++) {
      low = Math.min(low, operator.apply(left[i], right[i], -1));
      high = Math.max(high, operator.apply(left[i], right[i], 1));
    }
    return new Enclosure(low, high);
  }

  private static double sum(double a, double b, int side) {
    double sum = a + b;
    double other = sum - a;
    boolean isExact = (a - (sum - other)) + (b - other) == 0;
    return isExact ? sum : outwards(sum, side);
  }

  private static double product(double a, double b, int side) {
    if (a == 0 || b == 0) {
      return 0;
    }
    double product = a * b;
    boolean isExact = Math.abs(product) > SMALLEST_EXACT && Math.fma(a, b, -product) == 0;
    return isExact ? product : outwards(product, side);
  }

  private static double quotient(double a, double b, int side) {
    if (a == 0) {
      return 0;
    }
    double quotient = a / b;
    if (Double.isNaN(quotient)) {
      return side < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    boolean isExact =
        Math.abs(quotient) > SMALLEST_EXACT
            && Math.abs(a) > SMALLEST_EXACT
            && Math.fma(quotient, b, -a) == 0;
    return isExact ? quotient : outwards(quotient, side);
  }

  private static double outwards(double number, int side) {
    return side < 0 ? Math.nextDown(number) : Math.nextUp(number);
  }
}
