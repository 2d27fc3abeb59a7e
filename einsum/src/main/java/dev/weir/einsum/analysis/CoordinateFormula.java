package dev.weir.einsum.analysis;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which points of a space of coordinates are meant; negations are worked into comparisons. */
sealed interface CoordinateFormula {

  /** Every point, or none. */
  record Constant(boolean holds) implements CoordinateFormula {

    /** Every point. */
    static final Constant TRUE = new Constant(true);

    /** No point. */
    static final Constant FALSE = new Constant(false);
  }

  /** How a sum compares with 0. */
  enum Relation {
    AT_MOST,
    EQUAL,
    NOT_EQUAL;

    boolean holds(long value) {
      return switch (this) {
        case AT_MOST -> value <= 0;
        case EQUAL -> value == 0;
        case NOT_EQUAL -> value != 0;
      };
    }
  }

  /** A sum compared with 0. */
  record Comparison(CoordinateSum sum, Relation relation) implements CoordinateFormula {}

  /** Two parts or more, none of them of this kind. */
  record All(Set<CoordinateFormula> parts) implements CoordinateFormula {}

  /** Two parts or more, none of them of this kind. */
  record Any(Set<CoordinateFormula> parts) implements CoordinateFormula {}

  static CoordinateFormula atMostZero(CoordinateSum sum) {
    return comparison(sum, Relation.AT_MOST);
  }

  static CoordinateFormula equalToZero(CoordinateSum sum) {
    return comparison(sum, Relation.EQUAL);
  }

  /** Where a number is one of 0 to shape - 1. */
  static CoordinateFormula within(CoordinateSum number, long shape) {
    return all(List.of(atMostZero(number.times(-1)), atMostZero(number.plus(1 - shape))));
  }

  private static CoordinateFormula comparison(CoordinateSum sum, Relation relation) {
    CoordinateSum.Range range = sum.range();
    boolean isNeverZero = !range.contains(0);
    switch (relation) {
      case AT_MOST -> {
        if (range.most() <= 0 || range.least() > 0) {
          return range.most() <= 0 ? Constant.TRUE : Constant.FALSE;
        }
      }
      case EQUAL, NOT_EQUAL -> {
        boolean isAlwaysZero = range.least() == 0 && range.most() == 0;
        if (isNeverZero || isAlwaysZero) {
          return isAlwaysZero == (relation == Relation.EQUAL) ? Constant.TRUE : Constant.FALSE;
        }
      }
    }
    return reduced(sum, relation);
  }

  /** Without what all multiples have in common. */
  private static CoordinateFormula reduced(CoordinateSum sum, Relation relation) {
    long common = sum.factors().values().stream().reduce(0L, CoordinateFormula::commonDivisor);
    if (common <= 1) {
      return new Comparison(sum, relation);
    }
    boolean isWhole = sum.constant() % common == 0;
    if (!isWhole && relation != Relation.AT_MOST) {
      return relation == Relation.EQUAL ? Constant.FALSE : Constant.TRUE;
    }
    // Exact but for the constant, which rounds up: g y + c <= 0 where y <= -c / g.
    CoordinateSum multiples = sum.plus(-sum.constant()).quotient(common);
    return new Comparison(multiples.plus(Math.ceilDiv(sum.constant(), common)), relation);
  }

  /** Of 0 and a number it is the number. */
  static long commonDivisor(long one, long other) {
    return other == 0 ? Math.abs(one) : commonDivisor(other, one % other);
  }

  static CoordinateFormula all(Collection<CoordinateFormula> parts) {
    Set<CoordinateFormula> all = new LinkedHashSet<>();
    for (CoordinateFormula part : parts) {
      switch (part) {
        case Constant c -> {
          if (!c.holds()) {
            return Constant.FALSE;
          }
        }
        case All nested -> all.addAll(nested.parts());
        case Comparison _, Any _ -> all.add(part);
      }
    }
    return switch (all.size()) {
      case 0 -> Constant.TRUE;
      case 1 -> all.iterator().next();
      default -> new All(all);
    };
  }

  static CoordinateFormula any(Collection<CoordinateFormula> parts) {
    Set<CoordinateFormula> any = new LinkedHashSet<>();
    for (CoordinateFormula part : parts) {
      switch (part) {
        case Constant c -> {
          if (c.holds()) {
            return Constant.TRUE;
          }
        }
        case Any nested -> any.addAll(nested.parts());
        case Comparison _, All _ -> any.add(part);
      }
    }
    return switch (any.size()) {
      case 0 -> Constant.FALSE;
      case 1 -> any.iterator().next();
      default -> new Any(any);
    };
  }

  default CoordinateFormula and(CoordinateFormula other) {
    return all(List.of(this, other));
  }

  default CoordinateFormula or(CoordinateFormula other) {
    return any(List.of(this, other));
  }

  /** The other points. */
  default CoordinateFormula not() {
    return switch (this) {
      case Constant c -> c.holds() ? Constant.FALSE : Constant.TRUE;
      case Comparison c ->
          switch (c.relation()) {
            case AT_MOST -> atMostZero(c.sum().times(-1).plus(1));
            case EQUAL -> comparison(c.sum(), Relation.NOT_EQUAL);
            case NOT_EQUAL -> comparison(c.sum(), Relation.EQUAL);
          };
      case All a -> any(a.parts().stream().map(CoordinateFormula::not).toList());
      case Any a -> all(a.parts().stream().map(CoordinateFormula::not).toList());
    };
  }

  /** All variables that it reads. */
  default Set<CoordinateVariable> variables() {
    return switch (this) {
      case Constant _ -> Set.of();
      case Comparison c -> c.sum().variables();
      case All a -> variables(a.parts());
      case Any a -> variables(a.parts());
    };
  }

  private static Set<CoordinateVariable> variables(Set<CoordinateFormula> parts) {
    Set<CoordinateVariable> variables = new HashSet<>();
    parts.forEach(part -> variables.addAll(part.variables()));
    return variables;
  }

  default boolean reads(CoordinateVariable variable) {
    return variables().contains(variable);
  }

  /** How many comparisons it has. */
  default int size() {
    return switch (this) {
      case Constant _ -> 0;
      case Comparison _ -> 1;
      case All a -> a.parts().stream().mapToInt(CoordinateFormula::size).sum();
      case Any a -> a.parts().stream().mapToInt(CoordinateFormula::size).sum();
    };
  }

  /**
   * With sums in place of variables.
   *
   * @param unknown what a comparison counts as that then may divide by 0
   */
  default CoordinateFormula with(Map<CoordinateVariable, CoordinateSum> values, boolean unknown) {
    return switch (this) {
      case Constant _ -> this;
      case Comparison c ->
          c.sum()
              .with(values)
              .map(sum -> comparison(sum, c.relation()))
              .orElse(new Constant(unknown));
      case All a -> all(a.parts().stream().map(part -> part.with(values, unknown)).toList());
      case Any a -> any(a.parts().stream().map(part -> part.with(values, unknown)).toList());
    };
  }
}
