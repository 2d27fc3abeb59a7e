package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition.Comparison;
import dev.weir.einsum.ir.Quantity.Arithmetic;

/**
 * All numbers that a quantity can have in a box of points, or some more: what is said of an
 * interval holds for every point, and the interval of a single point is exact.
 *
 * @param low the least
 * @param high the greatest
 */
record Interval(double low, double high) {

  private static final Interval ALL =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  static Interval of(double value) {
    return new Interval(value, value);
  }

  boolean isPoint() {
    return low == high;
  }

  /** The operator on intervals. */
  static Interval apply(Arithmetic operator, Interval left, Interval right) {
    if (left.isPoint() && right.isPoint()) {
      return of(operator.apply(left.low, right.low));
    }
    return switch (operator) {
      case ADD -> new Interval(left.low + right.low, left.high + right.high);
      case SUBTRACT -> new Interval(left.low - right.high, left.high - right.low);
      case MINIMUM -> new Interval(Math.min(left.low, right.low), Math.min(left.high, right.high));
      case MAXIMUM -> new Interval(Math.max(left.low, right.low), Math.max(left.high, right.high));
      case MULTIPLY -> corners(operator, left, right);
      case DIVIDE -> right.low > 0 || right.high < 0 ? corners(operator, left, right) : ALL;
      case REMAINDER -> right.low > 0 ? remainder(left, right) : ALL;
    };
  }

  /** Of an operator that grows, or shrinks, with each operand. */
  private static Interval corners(Arithmetic operator, Interval left, Interval right) {
    double first = operator.apply(left.low, right.low);
    double second = operator.apply(left.low, right.high);
    double third = operator.apply(left.high, right.low);
    double fourth = operator.apply(left.high, right.high);
    return new Interval(
        Math.min(Math.min(first, second), Math.min(third, fourth)),
        Math.max(Math.max(first, second), Math.max(third, fourth)));
  }

  private static Interval remainder(Interval left, Interval right) {
    if (right.isPoint() && Math.floor(left.low / right.low) == Math.floor(left.high / right.low)) {
      return new Interval(
          Arithmetic.REMAINDER.apply(left.low, right.low),
          Arithmetic.REMAINDER.apply(left.high, right.low));
    }
    return new Interval(0, right.high);
  }

  /** Whether a comparison holds in all points, in none, or maybe in some. */
  static Verdict compare(Interval left, Comparison comparison, Interval right) {
    return switch (comparison) {
      case LESS -> verdict(left.high < right.low, left.low >= right.high);
      case LESS_OR_EQUAL -> verdict(left.high <= right.low, left.low > right.high);
      case GREATER -> verdict(left.low > right.high, left.high <= right.low);
      case GREATER_OR_EQUAL -> verdict(left.low >= right.high, left.high < right.low);
      case EQUAL -> verdict(areOne(left, right), areApart(left, right));
      case NOT_EQUAL -> verdict(areApart(left, right), areOne(left, right));
    };
  }

  private static boolean areOne(Interval left, Interval right) {
    return left.isPoint() && right.isPoint() && left.low == right.low;
  }

  private static boolean areApart(Interval left, Interval right) {
    return left.high < right.low || left.low > right.high;
  }

  private static Verdict verdict(boolean holds, boolean fails) {
    return holds ? Verdict.ALWAYS : fails ? Verdict.NEVER : Verdict.SOMETIMES;
  }

  /** What is known of a condition in a box of points. */
  enum Verdict {
    ALWAYS,
    NEVER,
    /** Perhaps in some points and not in others. */
    SOMETIMES
  }
}
