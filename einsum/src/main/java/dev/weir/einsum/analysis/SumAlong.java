package dev.weir.einsum.analysis;

import dev.weir.einsum.analysis.CoordinateSum.Coordinate;
import dev.weir.einsum.analysis.CoordinateSum.Extreme;
import dev.weir.einsum.analysis.CoordinateSum.Factor;
import dev.weir.einsum.analysis.CoordinateSum.Product;
import dev.weir.einsum.analysis.CoordinateSum.Quotient;
import dev.weir.einsum.analysis.CoordinateSum.Range;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How a sum moves along one variable while all others stand still, so that its signs can be told
 * without looking at every coordinate.
 */
final class SumAlong {

  /** Which way it moves. */
  enum Direction {
    CONSTANT,
    RISES,
    FALLS,
    /** One of the above, which one depends on the other variables. */
    ONE_WAY,
    BOTH_WAYS;

    private Direction and(Direction other) {
      if (this == CONSTANT) {
        return other;
      }
      boolean isSame = other == CONSTANT || (this == other && this != ONE_WAY);
      return isSame ? this : BOTH_WAYS;
    }

    private Direction times(Range range) {
      boolean isSigned = range.least() >= 0 || range.most() <= 0;
      return switch (this) {
        case CONSTANT, ONE_WAY, BOTH_WAYS -> this;
        case RISES -> isSigned ? (range.least() >= 0 ? RISES : FALLS) : ONE_WAY;
        case FALLS -> isSigned ? (range.least() >= 0 ? FALLS : RISES) : ONE_WAY;
      };
    }
  }

  /**
   * After how many coordinates a sum has moved by the same amount wherever it started.
   *
   * @param coordinates 1 for an affine sum, 0 if there is no such number
   * @param increase by how much; nothing if that depends on other variables
   */
  private record Period(long coordinates, OptionalLong increase) {

    static final Period NONE = new Period(0, OptionalLong.empty());

    Period plus(Period other) {
      if (coordinates == 0 || other.coordinates == 0) {
        return NONE;
      }
      long common = leastCommonMultiple(coordinates, other.coordinates);
      return new Period(
          common,
          increase.isPresent() && other.increase.isPresent()
              ? OptionalLong.of(Math.addExact(along(common), other.along(common)))
              : OptionalLong.empty());
    }

    Period times(long multiple) {
      return increase.isEmpty()
          ? this
          : new Period(
              coordinates, OptionalLong.of(Math.multiplyExact(increase.getAsLong(), multiple)));
    }

    Period dividedBy(long divisor) {
      if (increase.isEmpty()) {
        return NONE;
      }
      long common = CoordinateFormula.commonDivisor(divisor, increase.getAsLong());
      long whole = Math.multiplyExact(coordinates, Math.abs(divisor / common));
      return new Period(whole, OptionalLong.of(along(whole) / divisor));
    }

    private long along(long whole) {
      return Math.multiplyExact(increase.getAsLong(), whole / coordinates);
    }
  }

  private final CoordinateVariable variable;

  private SumAlong(CoordinateVariable variable) {
    this.variable = variable;
  }

  /** Whether it never turns. */
  static boolean isOneWay(CoordinateSum sum, CoordinateVariable variable) {
    return new SumAlong(variable).direction(sum) != Direction.BOTH_WAYS;
  }

  /** After how many coordinates it moves on alike; 1 for an affine sum, at most all of them. */
  static long period(CoordinateSum sum, CoordinateVariable variable) {
    long coordinates = new SumAlong(variable).period(sum).coordinates();
    return coordinates == 0 ? variable.shape() : Math.min(coordinates, variable.shape());
  }

  /**
   * The least common multiple.
   *
   * @throws ArithmeticException when it does not fit 64 bits
   */
  static long leastCommonMultiple(long one, long other) {
    return Math.multiplyExact(one / CoordinateFormula.commonDivisor(one, other), other);
  }

  /**
   * The period of all sums in a formula together along each variable along which some sum turns.
   */
  static Map<CoordinateVariable, Long> periods(CoordinateFormula formula) {
    Map<CoordinateVariable, Long> periods = new HashMap<>();
    addPeriods(formula, periods);
    return periods;
  }

  private static void addPeriods(CoordinateFormula formula, Map<CoordinateVariable, Long> periods) {
    switch (formula) {
      case CoordinateFormula.Constant _ -> {}
      case CoordinateFormula.Comparison c -> {
        for (CoordinateVariable variable : c.sum().variables()) {
          if (!isOneWay(c.sum(), variable)) {
            periods.merge(
                variable,
                period(c.sum(), variable),
                (one, other) -> commonPeriod(one, other, variable.shape()));
          }
        }
      }
      case CoordinateFormula.All all -> all.parts().forEach(part -> addPeriods(part, periods));
      case CoordinateFormula.Any any -> any.parts().forEach(part -> addPeriods(part, periods));
    }
  }

  /** The least common multiple of two periods, or the shape if that is less. */
  static long commonPeriod(long one, long other, long shape) {
    long divisor = CoordinateFormula.commonDivisor(one, other);
    // Both are at most the shape, so this shows whether the multiple is, without overflow.
    return one / divisor > shape / other ? shape : Math.min(shape, leastCommonMultiple(one, other));
  }

  private Direction direction(CoordinateSum sum) {
    Direction direction = Direction.CONSTANT;
    for (Map.Entry<Factor, Long> entry : sum.factors().entrySet()) {
      Range multiple = new Range(entry.getValue(), entry.getValue());
      direction = direction.and(direction(entry.getKey()).times(multiple));
    }
    return direction;
  }

  private Direction direction(Factor factor) {
    return switch (factor) {
      case Coordinate c -> c.variable().equals(variable) ? Direction.RISES : Direction.CONSTANT;
      case Quotient q ->
          q.divisor().reads(variable)
              ? Direction.BOTH_WAYS
              : direction(q.dividend()).times(q.divisor().range());
      case Product p -> {
        if (p.left().reads(variable) && p.right().reads(variable)) {
          yield Direction.BOTH_WAYS;
        }
        yield p.left().reads(variable)
            ? direction(p.left()).times(p.right().range())
            : direction(p.right()).times(p.left().range());
      }
      case Extreme e -> direction(e.left()).and(direction(e.right()));
    };
  }

  private Period period(CoordinateSum sum) {
    Period period = new Period(1, OptionalLong.of(0));
    for (Map.Entry<Factor, Long> entry : sum.factors().entrySet()) {
      period = period.plus(period(entry.getKey()).times(entry.getValue()));
    }
    return period;
  }

  private Period period(Factor factor) {
    return switch (factor) {
      case Coordinate c -> new Period(1, OptionalLong.of(c.variable().equals(variable) ? 1 : 0));
      case Quotient q -> {
        if (!q.dividend().reads(variable) && !q.divisor().reads(variable)) {
          yield new Period(1, OptionalLong.of(0));
        }
        yield q.divisor().isConstant()
            ? period(q.dividend()).dividedBy(q.divisor().constant())
            : Period.NONE;
      }
      case Product p -> {
        if (p.left().reads(variable) && p.right().reads(variable)) {
          yield Period.NONE;
        }
        CoordinateSum moving = p.left().reads(variable) ? p.left() : p.right();
        yield moving.reads(variable)
            ? new Period(period(moving).coordinates(), OptionalLong.empty())
            : new Period(1, OptionalLong.of(0));
      }
      case Extreme e ->
          e.left().reads(variable) || e.right().reads(variable)
              ? Period.NONE
              : new Period(1, OptionalLong.of(0));
    };
  }
}
