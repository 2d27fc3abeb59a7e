package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;

/** How a number moves while the coordinate of one rank rises and all others stay. */
enum Trend {
  STEADY,
  RISING,
  FALLING,
  UNKNOWN;

  static Trend of(Quantity quantity, RankName rank, PointCompiler compiler) {
    if (!quantity.reads(rank)) {
      return STEADY;
    }
    return switch (quantity) {
      case Quantity.OfIndex of -> of(of.index(), rank);
      case Quantity.OfShape _, Quantity.OfNumber _, Quantity.OfScalar _ -> STEADY;
      case Quantity.Combined c -> of(c, rank, compiler);
    };
  }

  private static Trend of(Index index, RankName rank) {
    return switch (index) {
      case Index.Coordinate _, Index.Next _, Index.HeadMap _ -> RISING;
      case Index.Joined joined -> joined.parent().equals(rank) ? UNKNOWN : RISING;
      case Index.Affine affine ->
          RISING.times(
              (double)
                  affine.terms().stream()
                      .filter(term -> term.rank().equals(rank))
                      .mapToLong(Index.Term::coefficient)
                      .sum());
      case Index.Last _, Index.Fixed _ -> STEADY;
      case Index.Gathered _, Index.Computed _ -> UNKNOWN;
    };
  }

  private static Trend of(Quantity.Combined c, RankName rank, PointCompiler compiler) {
    Trend left = of(c.left(), rank, compiler);
    Trend right = of(c.right(), rank, compiler);
    return switch (c.operator()) {
      case ADD, MINIMUM, MAXIMUM -> left.with(right);
      case SUBTRACT -> left.with(right.reversed());
      case MULTIPLY ->
          left == STEADY
              ? right.times(constant(c.left(), compiler))
              : right == STEADY ? left.times(constant(c.right(), compiler)) : UNKNOWN;
      case DIVIDE -> {
        double divisor = right == STEADY ? constant(c.right(), compiler) : 0;
        yield divisor == 0 ? UNKNOWN : left.times(divisor);
      }
      case REMAINDER -> UNKNOWN;
    };
  }

  /** Its value when it is the same at all points, as is known before any; otherwise no number. */
  private static double constant(Quantity quantity, PointCompiler compiler) {
    boolean isConstant =
        quantity.ranks().findAny().isEmpty()
            && quantity.indices().flatMap(Index::tables).findAny().isEmpty();
    return isConstant ? compiler.number(quantity).at(compiler.newPoint()) : Double.NaN;
  }

  /** That of a sum. */
  Trend with(Trend other) {
    if (this == STEADY || this == other) {
      return other;
    }
    return other == STEADY ? this : UNKNOWN;
  }

  Trend reversed() {
    return switch (this) {
      case RISING -> FALLING;
      case FALLING -> RISING;
      case STEADY, UNKNOWN -> this;
    };
  }

  private Trend times(double factor) {
    if (Double.isNaN(factor) || Double.isInfinite(factor)) {
      return UNKNOWN;
    }
    if (factor == 0) {
      return STEADY;
    }
    return factor > 0 ? this : reversed();
  }
}
