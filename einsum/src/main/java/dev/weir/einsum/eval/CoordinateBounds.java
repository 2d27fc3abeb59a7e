package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.RankName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a comparison can hold along one coordinate, given the coordinates before it, as one
 * interval: of numbers that are affine in it, from where they meet; of others that only rise or
 * only fall, as a window of blocks {@code p/B - m/B < w} does, by bisection. Either is found in
 * floating point, the first one up to two coordinates too wide at either end.
 */
final class CoordinateBounds implements Candidates {

  private enum Form {
    /** It does not depend on the coordinate. */
    STEADY,
    AFFINE,
    /** The left side less the right one never falls. */
    RISING,
    FALLING
  }

  private final Form form;
  private final Condition.Comparison comparison;
  private final PointCompiler.NumberAt left;
  private final PointCompiler.NumberAt right;
  private final int slot;
  private final long shape;
  private long start;
  private long end;

  private CoordinateBounds(
      Form form, Condition.Compare compare, RankName rank, PointCompiler compiler) {
    this.form = form;
    this.comparison = compare.comparison();
    this.left = compiler.number(compare.left());
    this.right = compiler.number(compare.right());
    this.slot = compiler.slot(rank);
    this.shape = compiler.shapes().of(rank);
  }

  /** Bounds of a coordinate; nothing when it may hold in several places. */
  static Optional<CoordinateBounds> of(
      Condition.Compare compare, RankName rank, PointCompiler compiler) {
    return form(compare, rank, compiler)
        .filter(
            form -> form == Form.STEADY || compare.comparison() != Condition.Comparison.NOT_EQUAL)
        .map(form -> new CoordinateBounds(form, compare, rank, compiler));
  }

  private static Optional<Form> form(
      Condition.Compare compare, RankName rank, PointCompiler compiler) {
    if (isAffine(compare, rank)) {
      return Optional.of(Form.AFFINE);
    }
    Trend ofRight = Trend.of(compare.right(), rank, compiler);
    return switch (Trend.of(compare.left(), rank, compiler).with(ofRight.reversed())) {
      case STEADY -> Optional.of(Form.STEADY);
      case RISING -> Optional.of(Form.RISING);
      case FALLING -> Optional.of(Form.FALLING);
      case UNKNOWN -> Optional.empty();
    };
  }

  /**
   * Whether an equality gives the coordinate of a rank once those that it is no line in are known.
   */
  static boolean isGivenByAnEquality(RankName rank, List<Condition.Compare> comparisons) {
    return comparisons.stream()
        .filter(compare -> compare.comparison() == Condition.Comparison.EQUAL)
        .filter(compare -> isAffine(compare, rank))
        .anyMatch(
            compare ->
                compare.left().ranks().anyMatch(other -> !isAffine(compare, other))
                    || compare.right().ranks().anyMatch(other -> !isAffine(compare, other)));
  }

  /** Whether it stays as it is when the loops over its ranks change places. */
  static boolean isAffineInAll(Condition.Compare compare) {
    return compare.comparison() != Condition.Comparison.EQUAL
        && Stream.concat(compare.left().ranks(), compare.right().ranks())
            .allMatch(rank -> isAffine(compare, rank));
  }

  /** Whether all coordinates where it holds follow one another, given those of other ranks. */
  static boolean isInterval(Condition.Compare compare, RankName rank) {
    boolean isExact =
        (compare.left().isWhole() || !compare.left().reads(rank))
            && (compare.right().isWhole() || !compare.right().reads(rank));
    return !reads(compare, rank)
        || (compare.comparison() != Condition.Comparison.NOT_EQUAL
            && isAffine(compare, rank)
            && isExact);
  }

  private static boolean isAffine(Condition.Compare compare, RankName rank) {
    return compare.left().isAffineIn(rank)
        && compare.right().isAffineIn(rank)
        && reads(compare, rank);
  }

  private static boolean reads(Condition.Compare compare, RankName rank) {
    return compare.left().reads(rank) || compare.right().reads(rank);
  }

  @Override
  public void locate(long[] point) {
    start = 0;
    end = Long.MAX_VALUE;
    switch (form) {
      case STEADY -> decide(point);
      case AFFINE -> solve(point);
      case RISING -> bisect(point, false);
      case FALLING -> bisect(point, true);
    }
  }

  /** Everywhere or nowhere; what is not finite is left to the condition. */
  private void decide(long[] point) {
    double a = left.at(point);
    double b = right.at(point);
    if (Double.isFinite(a - b) && !comparison.holds(a, b)) {
      end = 0;
    }
  }

  private void solve(long[] point) {
    double offset = difference(0, point);
    double slope = difference(1, point) - offset;
    if (slope == 0 || !Double.isFinite(slope) || !Double.isFinite(offset)) {
      return; // The condition alone decides.
    }
    double zero = -offset / slope;
    boolean above =
        switch (comparison) {
          case LESS, LESS_OR_EQUAL -> slope < 0;
          case GREATER, GREATER_OR_EQUAL -> slope > 0;
          case EQUAL, NOT_EQUAL -> true;
        };
    boolean below = comparison == Condition.Comparison.EQUAL || !above;
    if (above) {
      start = Math.max(0, (long) Math.floor(zero) - 1);
    }
    if (below) {
      end = Math.max(0, (long) Math.ceil(zero) + 2);
    }
  }

  private void bisect(long[] point, boolean isFalling) {
    boolean isFinite =
        Double.isFinite(difference(0, point)) && Double.isFinite(difference(shape - 1, point));
    if (!isFinite) {
      return;
    }
    boolean isLess =
        comparison == Condition.Comparison.LESS || comparison == Condition.Comparison.LESS_OR_EQUAL;
    boolean isStrict =
        comparison == Condition.Comparison.LESS || comparison == Condition.Comparison.GREATER;
    if (comparison == Condition.Comparison.EQUAL) {
      start = boundary(isFalling, false, point);
      end = boundary(isFalling, true, point);
    } else if (isLess == isFalling) {
      start = boundary(isFalling, isStrict, point);
    } else {
      end = boundary(isFalling, !isStrict, point);
    }
  }

  /** The first coordinate where the difference has reached 0, or passed it, from its side. */
  private long boundary(boolean isFalling, boolean mustPass, long[] point) {
    long low = 0;
    long high = shape;
    while (low < high) {
      long middle = (low + high) >>> 1;
      double difference = isFalling ? -difference(middle, point) : difference(middle, point);
      if (mustPass ? difference > 0 : difference >= 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private double difference(long coordinate, long[] point) {
    point[slot] = coordinate;
    return left.at(point) - right.at(point);
  }

  @Override
  public long from(long coordinate, long limit) {
    long first = Math.max(start, coordinate);
    return first < end ? first : NONE;
  }

  @Override
  public long until(long candidate) {
    return end;
  }
}
