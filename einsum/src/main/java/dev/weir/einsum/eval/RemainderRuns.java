package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Condition.Compare;
import dev.weir.einsum.ir.Condition.Comparison;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import java.util.Optional;

/**
 * Where a remainder stands in a relation to a number: {@code (x + a) % d} or {@code (a - x) % d},
 * whose other numbers do not depend on the coordinate x. One run in every d coordinates.
 */
final class RemainderRuns implements Candidates {

  /** Larger numbers are not exact in double precision. */
  private static final double EXACT = 1L << 53;

  private final PointCompiler.NumberAt dividend;
  private final PointCompiler.NumberAt divisor;
  private final Comparison comparison;
  private final PointCompiler.NumberAt bound;
  private final int slot;
  private boolean isSolved;
  private long offset;
  private long period;
  private long least;
  private long most;

  private RemainderRuns(
      PointCompiler.NumberAt dividend,
      PointCompiler.NumberAt divisor,
      Comparison comparison,
      PointCompiler.NumberAt bound,
      int slot) {
    this.dividend = dividend;
    this.divisor = divisor;
    this.comparison = comparison;
    this.bound = bound;
    this.slot = slot;
  }

  /** The runs; nothing when neither side is such a remainder. */
  static Optional<RemainderRuns> of(Compare compare, RankName rank, PointCompiler compiler) {
    Optional<RemainderRuns> left =
        of(compare.left(), compare.comparison(), compare.right(), rank, compiler);
    return left.isPresent()
        ? left
        : of(compare.right(), mirrored(compare.comparison()), compare.left(), rank, compiler);
  }

  private static Optional<RemainderRuns> of(
      Quantity side, Comparison comparison, Quantity other, RankName rank, PointCompiler compiler) {
    boolean isRemainder =
        side instanceof Quantity.Combined(Quantity dividend, var operator, Quantity divisor)
            && operator == Quantity.Arithmetic.REMAINDER
            && dividend.isAffineIn(rank)
            && !divisor.reads(rank);
    if (!isRemainder || other.reads(rank) || comparison == Comparison.NOT_EQUAL) {
      return Optional.empty();
    }
    Quantity.Combined remainder = (Quantity.Combined) side;
    return Optional.of(
        new RemainderRuns(
            compiler.number(remainder.left()),
            compiler.number(remainder.right()),
            comparison,
            compiler.number(other),
            compiler.slot(rank)));
  }

  private static Comparison mirrored(Comparison comparison) {
    return switch (comparison) {
      case LESS -> Comparison.GREATER;
      case LESS_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
      case GREATER -> Comparison.LESS;
      case GREATER_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
      case EQUAL, NOT_EQUAL -> comparison;
    };
  }

  @Override
  public void locate(long[] point) {
    point[slot] = 0;
    double first = dividend.at(point);
    point[slot] = 1;
    double step = dividend.at(point) - first;
    double size = divisor.at(point);
    double other = bound.at(point);
    isSolved =
        Math.abs(step) == 1
            && isWhole(first)
            && isWhole(size)
            && size > 0
            && Math.abs(other) <= EXACT;
    if (!isSolved) {
      return; // The condition alone decides.
    }
    offset = (long) first;
    period = (long) size;
    least = 0;
    most = period - 1;
    bound(other);
    if (step < 0) { // (a - x) % d is d - 1 - (x - a - 1) % d.
      offset = -offset - 1;
      long largest = most;
      most = period - 1 - least;
      least = period - 1 - largest;
    }
  }

  private static boolean isWhole(double number) {
    return number == Math.rint(number) && Math.abs(number) <= EXACT;
  }

  /** Narrows the remainders to those for which the comparison holds. */
  private void bound(double other) {
    switch (comparison) {
      case LESS -> most = Math.min(most, (long) Math.ceil(other) - 1);
      case LESS_OR_EQUAL -> most = Math.min(most, (long) Math.floor(other));
      case GREATER -> least = Math.max(least, (long) Math.floor(other) + 1);
      case GREATER_OR_EQUAL -> least = Math.max(least, (long) Math.ceil(other));
      case EQUAL, NOT_EQUAL -> {
        least = Math.max(least, (long) Math.ceil(other));
        most = Math.min(most, (long) Math.floor(other));
      }
    }
  }

  @Override
  public long from(long coordinate, long limit) {
    if (!isSolved) {
      return coordinate;
    }
    if (least > most) {
      return NONE;
    }
    long remainder = Math.floorMod(coordinate + offset, period);
    if (remainder < least) {
      return coordinate + least - remainder;
    }
    return remainder <= most ? coordinate : coordinate + period - remainder + least;
  }

  @Override
  public long until(long candidate) {
    return isSolved
        ? candidate + most - Math.floorMod(candidate + offset, period) + 1
        : Long.MAX_VALUE;
  }
}
