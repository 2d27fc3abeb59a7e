package dev.weir.einsum.eval;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.UnaryOperator;

/**
 * How far a computed result can be from the exact one, operator by operator, when its operands are
 * off by given amounts. Higham, Accuracy and Stability of Numerical Algorithms, chapters 2 to 4;
 * the products of errors are kept and the unit roundoff is taken a little too large, so that terms
 * of second order are covered.
 *
 * @param format of the computation
 * @param functions errors of its functions
 * @param referenceUnit unit roundoff of what the computation is compared with, whose roundings
 *     count too; 0 where they do not matter
 */
record Rounding(
    RoundingErrorEvaluator.Format format,
    RoundingErrorEvaluator.FunctionErrors functions,
    double referenceUnit) {

  Rounding(RoundingErrorEvaluator.Format format, RoundingErrorEvaluator.FunctionErrors functions) {
    this(format, functions, 0);
  }

  /** Covers the double precision in which values and bounds are computed themselves. */
  private static final double SAFETY = 1 + 0x1p-8;

  double unit() {
    return (format.unitRoundoff() + referenceUnit) * SAFETY;
  }

  /** Bound of a constant, which the format may not have. */
  double ofConstant(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return 0;
    }
    double lost = Math.abs(value) < format.smallestNormal() ? Math.abs(value) : 0;
    return format.holds(value) ? 0 : unit() * Math.abs(value) + lost;
  }

  /** Whether a finite result without error of its own needs no rounding and no flushing. */
  private boolean isKept(double value) {
    return format.holds(value);
  }

  /** Whether {@code a + b} of exact operands is exact in double precision and in the format. */
  private boolean isExactSum(double a, double b) {
    double sum = a + b;
    return isKept(sum) && sum - a == b && sum - b == a;
  }

  /** Whether {@code a * b} of exact operands is exact in double precision and in the format. */
  private boolean isExactProduct(double a, double b) {
    double product = a * b;
    return isKept(product) && Math.fma(a, b, -product) == 0;
  }

  /** Bound of a stored value on use: one below the normal range may be read as 0. */
  double ofOperand(double value, double error) {
    boolean isFlushed = value != 0 && Math.abs(value) < format.smallestNormal();
    return isFlushed ? error + Math.abs(value) : error;
  }

  /** Bound of {@code a operator b} with operands off by {@code ea} and {@code eb}. */
  double of(BinaryOperator operator, double a, double ea, double b, double eb) {
    return switch (operator) {
      case ADD -> sum(a, ea, b, eb);
      case SUBTRACT -> sum(a, ea, -b, eb);
      case MULTIPLY -> ofProduct(a, ea, b, eb);
      case DIVIDE -> quotient(a, ea, b, eb);
      case MAXIMUM, MINIMUM -> Math.max(ea, eb);
      case POWER -> power(a, ea, b, eb);
      case SUBTRACT_THEN_EXP ->
          isExactInfinity(a, ea, b, eb)
              ? ofExponentialOfInfinity(a - b)
              : exponential(a - b, sum(a, ea, -b, eb));
    };
  }

  /** The same of a product. */
  double ofProduct(double a, double ea, double b, double eb) {
    double value = a * b;
    return isZero(a, ea)
            || isZero(b, eb)
            || isInfiniteTimesSign(a, ea, b, eb)
            || isInfiniteTimesSign(b, eb, a, ea)
            || (ea + eb == 0 && (Double.isInfinite(value) || isExactProduct(a, b)))
        ? 0
        : rounded(value, Math.abs(a) * eb + Math.abs(b) * ea + ea * eb, 1);
  }

  /** Bound of a function of {@code x} off by {@code ex}. */
  double of(UnaryOperator operator, double x, double ex) {
    double value = operator.apply(x);
    return switch (operator) {
      case NEGATE, RELU, ABS -> ex;
      case EXP -> Double.isInfinite(x) && ex == 0 ? ofExponentialOfInfinity(x) : exponential(x, ex);
      case LOG ->
          ex >= x
              ? Double.POSITIVE_INFINITY
              : rounded(value, -Math.log1p(-ex / x), 2 * functions.logarithmUlps());
      case SQRT -> squareRoot(x, ex);
      case SIGMOID ->
          rounded(value, ex / 4, 2 * functions.exponentialUlps() + 1 + 2 * functions.divideUlps());
      case TANH -> rounded(value, ex, 2 * functions.tangentUlps());
    };
  }

  /** The part of an operation's own error that is not random, with what underflow may lose. */
  double ofFunction(BinaryOperator operator, double value, double total) {
    double magnitude = unit() * (Math.abs(value) + total);
    return switch (operator) {
      case ADD, SUBTRACT, MULTIPLY -> format.underflow();
      case MAXIMUM, MINIMUM -> 0;
      case DIVIDE -> 2 * functions.divideUlps() * magnitude + format.underflow();
      case POWER -> 2 * functions.powerUlps() * magnitude + format.underflow();
      case SUBTRACT_THEN_EXP ->
          2 * functions.exponentialUlps() * magnitude
              + format.underflow()
              + functions.exponentialFloor();
    };
  }

  /** The same of a function. */
  double ofFunction(UnaryOperator operator, double value, double total) {
    double magnitude = unit() * (Math.abs(value) + total);
    return switch (operator) {
      case NEGATE, RELU, ABS -> 0;
      case EXP ->
          2 * functions.exponentialUlps() * magnitude
              + format.underflow()
              + functions.exponentialFloor();
      case LOG -> 2 * functions.logarithmUlps() * magnitude + format.underflow();
      case SQRT -> 2 * functions.squareRootUlps() * magnitude + format.underflow();
      case SIGMOID ->
          (2 * functions.exponentialUlps() + 1 + 2 * functions.divideUlps()) * magnitude
              + format.underflow();
      case TANH -> 2 * functions.tangentUlps() * magnitude + format.underflow();
    };
  }

  /** Whether a product is infinite whatever the error of the finite operand is. */
  private static boolean isInfiniteTimesSign(double a, double ea, double b, double eb) {
    return Double.isInfinite(a) && ea == 0 && Double.isFinite(b) && Math.abs(b) > eb;
  }

  private double sum(double a, double ea, double b, double eb) {
    boolean isExact =
        isExactInfinity(a, ea, b, eb)
            || (ea + eb == 0 && (isExactSum(a, b) || (a == b && Double.isInfinite(a))));
    return isExact ? 0 : rounded(a + b, ea + eb, 1);
  }

  /**
   * Whether a sum of exact terms is exact in any order: all partial sums are multiples of one power
   * of two, and none has more of them than the significand counts.
   *
   * @param magnitudes sum of the terms' magnitudes
   * @param quantum power of two that divides every term
   */
  boolean isExactSum(double magnitudes, double errors, double quantum) {
    return errors == 0
        && quantum >= format.smallestNormal()
        && magnitudes <= quantum / format.unitRoundoff()
        && magnitudes <= format.largest();
  }

  /** Bound of a sum of terms in any order. */
  double ofSum(double value, double magnitudes, double errors, long terms) {
    double roundings = (terms - 1) * unit();
    double bound =
        errors
            + roundings / (1 - roundings) * (magnitudes + errors)
            + (terms - 1) * format.smallestNormal();
    boolean isInside = magnitudes + bound <= format.largest() && roundings < 1;
    return isInside && !Double.isNaN(value) ? bound : Double.POSITIVE_INFINITY;
  }

  private double quotient(double a, double ea, double b, double eb) {
    if (Math.abs(b) <= eb) {
      return Double.POSITIVE_INFINITY;
    }
    if (isZero(a, ea)) {
      return 0;
    }
    double propagated = (ea + Math.abs(a / b) * eb) / (Math.abs(b) - eb);
    return rounded(a / b, propagated, 2 * functions.divideUlps());
  }

  private double power(double a, double ea, double b, double eb) {
    double value = Math.pow(a, b);
    double units = 2 * functions.powerUlps();
    if (ea == 0 && eb == 0) {
      return rounded(value, 0, units);
    }
    if (a <= ea) {
      return Double.POSITIVE_INFINITY;
    }
    double ofLogarithm = -Math.log1p(-ea / a);
    double exponent = (Math.abs(b) + eb) * ofLogarithm + Math.abs(Math.log(a)) * eb;
    return rounded(value, value * Math.expm1(exponent), units);
  }

  private double exponential(double x, double ex) {
    double value = Math.exp(x);
    // The product would be 0 times infinity where the value has underflowed.
    double propagated = ex < 1 ? value * Math.expm1(ex) : Math.exp(x + ex) - value;
    return rounded(value, propagated, 2 * functions.exponentialUlps())
        + functions.exponentialFloor();
  }

  private double ofExponentialOfInfinity(double x) {
    return x < 0 ? functions.exponentialFloor() : 0;
  }

  private double squareRoot(double x, double ex) {
    if (x == 0 && ex == 0) {
      return 0;
    }
    return x < ex
        ? Double.POSITIVE_INFINITY
        : rounded(Math.sqrt(x), Math.sqrt(x) - Math.sqrt(x - ex), 2 * functions.squareRootUlps());
  }

  /** A result off by what its operands do to it and then rounded by some unit roundoffs. */
  private double rounded(double value, double propagated, double units) {
    double magnitude = Math.abs(value) + propagated;
    double bound = propagated + units * unit() * magnitude + format.smallestNormal();
    return Math.abs(value) + bound <= format.largest() ? bound : Double.POSITIVE_INFINITY;
  }

  private static boolean isZero(double value, double error) {
    return value == 0 && error == 0;
  }

  private static boolean isExactInfinity(double a, double ea, double b, double eb) {
    boolean isLeft = Double.isInfinite(a) && ea == 0 && Double.isFinite(b + eb);
    boolean isRight = Double.isInfinite(b) && eb == 0 && Double.isFinite(a + ea);
    return isLeft || isRight;
  }
}
