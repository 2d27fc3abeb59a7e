package dev.weir.einsum.ir;

import java.util.stream.Stream;

/**
 * A number at a point: in a comparison, or, made whole by rounding down, as a coordinate. Division
 * rounds down and remainders are not negative, whatever is divided.
 */
public sealed interface Quantity {

  /** A coordinate, a window offset or a table entry. */
  record OfIndex(Index index) implements Quantity {
    public OfIndex {
      if (index instanceof Index.Computed) {
        throw new IllegalArgumentException("a computed index is a quantity itself: " + index);
      }
    }
  }

  /** The shape of a rank. */
  record OfShape(RankName rank) implements Quantity {}

  /** A number that is not whole. */
  record OfNumber(double value) implements Quantity {
    public OfNumber {
      if (value == Math.rint(value) && Math.abs(value) <= 1L << 53) {
        throw new IllegalArgumentException("a whole number is an index: " + value);
      }
    }
  }

  /** A scalar of the cascade. */
  record OfScalar(TensorName scalar) implements Quantity {}

  /** {@code left op right}. */
  record Combined(Quantity left, Arithmetic operator, Quantity right) implements Quantity {

    /** Whether it divides by 0 at the first coordinates, which exist whatever the shapes are. */
    public boolean dividesByZero() {
      return operator.divides() && Divisors.isZeroAtFirst(right);
    }
  }

  /** The nearest number in a closed interval. */
  static Quantity clamped(Quantity value, Quantity low, Quantity high) {
    return new Combined(new Combined(value, Arithmetic.MAXIMUM, low), Arithmetic.MINIMUM, high);
  }

  /** A number that is known. */
  static Quantity constant(long value) {
    return new OfIndex(new Index.Fixed(value));
  }

  /** The coordinate that a number stands for; no coordinate, for one that is none. */
  static long coordinate(double number) {
    return Double.isNaN(number) ? Long.MIN_VALUE : (long) Math.floor(number);
  }

  /** Rank variables that it reads, possibly repeated. */
  default Stream<RankName> ranks() {
    return indices().flatMap(Index::ranks);
  }

  /** Whether it is {@code a * variable + b} with a and b that do not depend on the variable. */
  default boolean isAffineIn(RankName rank) {
    return switch (this) {
      case OfIndex of -> of.index().isAffineIn(rank);
      case OfShape _, OfNumber _, OfScalar _ -> true;
      case Combined c ->
          switch (c.operator()) {
            case ADD, SUBTRACT -> c.left().isAffineIn(rank) && c.right().isAffineIn(rank);
            case MULTIPLY, DIVIDE, REMAINDER, MINIMUM, MAXIMUM -> !c.reads(rank);
          };
    };
  }

  /**
   * Whether its value changes with a rank variable; a joined coordinate changes with its parent.
   */
  default boolean reads(RankName rank) {
    return switch (this) {
      case OfIndex of -> of.index().reads(rank);
      case OfShape _, OfNumber _, OfScalar _ -> false;
      case Combined c -> c.left().reads(rank) || c.right().reads(rank);
    };
  }

  /** Whether coordinates and shapes alone decide it, so that it is whole. */
  default boolean isWhole() {
    return switch (this) {
      case OfIndex of -> of.index().tables().findAny().isEmpty();
      case OfShape _ -> true;
      case OfNumber _, OfScalar _ -> false;
      case Combined c -> c.left().isWhole() && c.right().isWhole();
    };
  }

  /** Indices that it reads; not those inside other indices. */
  default Stream<Index> indices() {
    return switch (this) {
      case OfIndex of -> Stream.of(of.index());
      case OfShape _, OfNumber _, OfScalar _ -> Stream.empty();
      case Combined c -> Stream.concat(c.left().indices(), c.right().indices());
    };
  }

  /** Operators; division and remainder round towards negative infinity. */
  enum Arithmetic {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    REMAINDER("%"),
    MINIMUM("min"),
    MAXIMUM("max");

    private final String text;

    Arithmetic(String text) {
      this.text = text;
    }

    /** How it is written. */
    public String text() {
      return text;
    }

    /** Whether the right side must not be 0. */
    boolean divides() {
      return this == DIVIDE || this == REMAINDER;
    }

    /** The operator on numbers. */
    public double apply(double left, double right) {
      return switch (this) {
        case ADD -> left + right;
        case SUBTRACT -> left - right;
        case MULTIPLY -> left * right;
        case DIVIDE -> Math.floor(left / right);
        case REMAINDER -> left - right * Math.floor(left / right);
        case MINIMUM -> Math.min(left, right);
        case MAXIMUM -> Math.max(left, right);
      };
    }

    /** The operator on whole numbers; nobody divides by 0, see {@link Divisors}. */
    public long apply(long left, long right) {
      return switch (this) {
        case ADD -> left + right;
        case SUBTRACT -> left - right;
        case MULTIPLY -> left * right;
        case DIVIDE -> Math.floorDiv(left, right);
        case REMAINDER -> Math.floorMod(left, right);
        case MINIMUM -> Math.min(left, right);
        case MAXIMUM -> Math.max(left, right);
      };
    }
  }
}
