package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Quantity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A whole number over coordinates in a form in which equal sums look alike: multiples of factors
 * and a constant. A remainder is what it is less the multiples of its quotient, so affine parts of
 * a sum always stand as such.
 *
 * @param factors multiples other than 0
 * @param constant what is added to them
 */
record CoordinateSum(Map<Factor, Long> factors, long constant) {

  /** What cannot be taken apart into summands. */
  sealed interface Factor {}

  /** A coordinate. */
  record Coordinate(CoordinateVariable variable) implements Factor {}

  /** Rounded down; the divisor is never 0. */
  record Quotient(CoordinateSum dividend, CoordinateSum divisor) implements Factor {}

  /** Neither is a constant. */
  record Product(CoordinateSum left, CoordinateSum right) implements Factor {}

  /** The smaller of two numbers, or the larger. */
  record Extreme(boolean isLargest, CoordinateSum left, CoordinateSum right) implements Factor {}

  /** The numbers from least to most that a sum can be. */
  record Range(long least, long most) {

    Range plus(Range other) {
      return new Range(Math.addExact(least, other.least), Math.addExact(most, other.most));
    }

    Range times(long multiple) {
      long one = Math.multiplyExact(least, multiple);
      long other = Math.multiplyExact(most, multiple);
      return new Range(Math.min(one, other), Math.max(one, other));
    }

    Range times(Range other) {
      Range one = times(other.least);
      Range last = times(other.most);
      return new Range(Math.min(one.least, last.least), Math.max(one.most, last.most));
    }

    Range dividedBy(Range divisor) {
      long[] corners = {
        Math.floorDiv(least, divisor.least),
        Math.floorDiv(least, divisor.most),
        Math.floorDiv(most, divisor.least),
        Math.floorDiv(most, divisor.most)
      };
      Range range = new Range(corners[0], corners[0]);
      for (long corner : corners) {
        range = new Range(Math.min(range.least, corner), Math.max(range.most, corner));
      }
      return range;
    }

    boolean contains(long number) {
      return least <= number && number <= most;
    }
  }

  CoordinateSum {
    factors = Map.copyOf(factors);
  }

  static CoordinateSum of(long constant) {
    return new CoordinateSum(Map.of(), constant);
  }

  static CoordinateSum of(CoordinateVariable variable) {
    return variable.shape() == 1 ? of(0) : of(new Coordinate(variable));
  }

  private static CoordinateSum of(Factor factor) {
    return new CoordinateSum(Map.of(factor, 1L), 0);
  }

  CoordinateSum plus(CoordinateSum other) {
    Map<Factor, Long> sum = new HashMap<>(factors);
    other.factors.forEach((factor, multiple) -> sum.merge(factor, multiple, Math::addExact));
    sum.values().removeIf(multiple -> multiple == 0);
    return new CoordinateSum(sum, Math.addExact(constant, other.constant));
  }

  CoordinateSum plus(long number) {
    return new CoordinateSum(factors, Math.addExact(constant, number));
  }

  CoordinateSum minus(CoordinateSum other) {
    return plus(other.times(-1));
  }

  CoordinateSum times(long multiple) {
    if (multiple == 0) {
      return of(0);
    }
    Map<Factor, Long> product = new HashMap<>();
    factors.forEach((factor, each) -> product.put(factor, Math.multiplyExact(each, multiple)));
    return new CoordinateSum(product, Math.multiplyExact(constant, multiple));
  }

  CoordinateSum times(CoordinateSum other) {
    if (isConstant()) {
      return other.times(constant);
    }
    return other.isConstant() ? times(other.constant) : of(new Product(this, other));
  }

  /** Rounded down; nothing where the divisor may be 0. */
  Optional<CoordinateSum> dividedBy(CoordinateSum divisor) {
    if (divisor.range().contains(0)) {
      return Optional.empty();
    }
    return Optional.of(
        divisor.isConstant() ? quotient(divisor.constant) : of(new Quotient(this, divisor)));
  }

  /** Rounded down; whole multiples of the divisor come out of the quotient. */
  CoordinateSum quotient(long divisor) {
    Map<Factor, Long> outside = new HashMap<>();
    Map<Factor, Long> inside = new HashMap<>();
    factors.forEach(
        (factor, multiple) -> {
          boolean isWhole = multiple % divisor == 0;
          (isWhole ? outside : inside).put(factor, isWhole ? multiple / divisor : multiple);
        });
    CoordinateSum rest = new CoordinateSum(inside, Math.floorMod(constant, Math.abs(divisor)));
    CoordinateSum whole =
        new CoordinateSum(outside, Math.subtractExact(constant, rest.constant) / divisor);
    Range range = rest.range();
    long least = Math.min(Math.floorDiv(range.least, divisor), Math.floorDiv(range.most, divisor));
    long most = Math.max(Math.floorDiv(range.least, divisor), Math.floorDiv(range.most, divisor));
    return least == most ? whole.plus(least) : whole.plus(of(new Quotient(rest, of(divisor))));
  }

  CoordinateSum extreme(boolean isLargest, CoordinateSum other) {
    Range difference = minus(other).range();
    if (difference.least >= 0) {
      return isLargest ? this : other;
    }
    if (difference.most <= 0) {
      return isLargest ? other : this;
    }
    return of(new Extreme(isLargest, this, other));
  }

  /** Nothing where it divides by what may be 0. */
  Optional<CoordinateSum> combined(Quantity.Arithmetic operator, CoordinateSum other) {
    return switch (operator) {
      case ADD -> Optional.of(plus(other));
      case SUBTRACT -> Optional.of(minus(other));
      case MULTIPLY -> Optional.of(times(other));
      case DIVIDE -> dividedBy(other);
      case REMAINDER -> dividedBy(other).map(quotient -> minus(quotient.times(other)));
      case MINIMUM -> Optional.of(extreme(false, other));
      case MAXIMUM -> Optional.of(extreme(true, other));
    };
  }

  boolean isConstant() {
    return factors.isEmpty();
  }

  /** The multiple of a coordinate that stands in it alone. */
  long multipleOf(CoordinateVariable variable) {
    return factors.getOrDefault(new Coordinate(variable), 0L);
  }

  /** This without the multiple of a coordinate that stands in it alone. */
  CoordinateSum without(Factor factor) {
    Map<Factor, Long> rest = new HashMap<>(factors);
    rest.remove(factor);
    return new CoordinateSum(rest, constant);
  }

  /** All variables that it reads. */
  Set<CoordinateVariable> variables() {
    Set<CoordinateVariable> variables = new HashSet<>();
    for (Factor factor : factors.keySet()) {
      switch (factor) {
        case Coordinate c -> variables.add(c.variable());
        case Quotient q -> addAll(variables, q.dividend(), q.divisor());
        case Product p -> addAll(variables, p.left(), p.right());
        case Extreme e -> addAll(variables, e.left(), e.right());
      }
    }
    return variables;
  }

  private static void addAll(
      Set<CoordinateVariable> variables, CoordinateSum left, CoordinateSum right) {
    variables.addAll(left.variables());
    variables.addAll(right.variables());
  }

  boolean reads(CoordinateVariable variable) {
    return variables().contains(variable);
  }

  /**
   * Bounds of its values; tight for affine ones.
   *
   * @throws ArithmeticException when they do not fit 64 bits
   */
  Range range() {
    Range range = new Range(constant, constant);
    for (Map.Entry<Factor, Long> entry : factors.entrySet()) {
      range = range.plus(range(entry.getKey()).times(entry.getValue()));
    }
    return range;
  }

  private static Range range(Factor factor) {
    return switch (factor) {
      case Coordinate c -> new Range(0, c.variable().shape() - 1);
      case Quotient q -> q.dividend().range().dividedBy(q.divisor().range());
      case Product p -> p.left().range().times(p.right().range());
      case Extreme e -> {
        Range left = e.left().range();
        Range right = e.right().range();
        yield e.isLargest()
            ? new Range(Math.max(left.least, right.least), Math.max(left.most, right.most))
            : new Range(Math.min(left.least, right.least), Math.min(left.most, right.most));
      }
    };
  }

  /** With sums in place of variables; nothing where it then may divide by 0. */
  Optional<CoordinateSum> with(Map<CoordinateVariable, CoordinateSum> values) {
    CoordinateSum sum = of(constant);
    for (Map.Entry<Factor, Long> entry : factors.entrySet()) {
      Optional<CoordinateSum> factor = with(entry.getKey(), values);
      if (factor.isEmpty()) {
        return factor;
      }
      sum = sum.plus(factor.get().times(entry.getValue()));
    }
    return Optional.of(sum);
  }

  private static Optional<CoordinateSum> with(
      Factor factor, Map<CoordinateVariable, CoordinateSum> values) {
    return switch (factor) {
      case Coordinate c ->
          Optional.of(values.getOrDefault(c.variable(), CoordinateSum.of(c.variable())));
      case Quotient q -> {
        Optional<CoordinateSum> dividend = q.dividend().with(values);
        Optional<CoordinateSum> divisor = q.divisor().with(values);
        yield dividend.isEmpty() || divisor.isEmpty()
            ? Optional.empty()
            : dividend.get().dividedBy(divisor.get());
      }
      case Product p ->
          p.left().with(values).flatMap(left -> p.right().with(values).map(left::times));
      case Extreme e ->
          e.left()
              .with(values)
              .flatMap(
                  left -> e.right().with(values).map(right -> left.extreme(e.isLargest(), right)));
    };
  }
}
