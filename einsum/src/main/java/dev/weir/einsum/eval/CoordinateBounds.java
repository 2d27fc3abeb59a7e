package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.RankName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a comparison that is affine in one coordinate can hold, given the coordinates before it:
 * {@code slope * x + offset} stands in a relation to 0. The interval is up to two coordinates too
 * wide at either end, as it is found in floating point; the comparison itself decides.
 */
final class CoordinateBounds {

  private final Condition.Comparison comparison;
  private final PointCompiler.NumberAt left;
  private final PointCompiler.NumberAt right;
  private final int slot;
  private long start;
  private long end;

  private CoordinateBounds(
      Condition.Comparison comparison,
      PointCompiler.NumberAt left,
      PointCompiler.NumberAt right,
      int slot) {
    this.comparison = comparison;
    this.left = left;
    this.right = right;
    this.slot = slot;
  }

  /**
   * Bounds of a coordinate; nothing when the comparison says nothing about it that can be solved.
   *
   * @param unknown ranks whose coordinates are chosen later
   */
  static Optional<CoordinateBounds> of(
      Condition.Compare compare,
      RankName rank,
      Collection<RankName> unknown,
      PointCompiler compiler) {
    boolean isSolvable =
        compare.comparison() != Condition.Comparison.NOT_EQUAL
            && isAffine(compare, rank)
            && unknown.stream().noneMatch(later -> reads(compare, later));
    return isSolvable
        ? Optional.of(
            new CoordinateBounds(
                compare.comparison(),
                compiler.number(compare.left()),
                compiler.number(compare.right()),
                compiler.slot(rank)))
        : Optional.empty();
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

  /** Works out the interval; the place of the coordinate in the point is overwritten. */
  void locate(long[] point) {
    point[slot] = 0;
    double offset = left.at(point) - right.at(point);
    point[slot] = 1;
    double slope = left.at(point) - right.at(point) - offset;
    start = 0;
    end = Long.MAX_VALUE;
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

  /** First coordinate. */
  long start() {
    return start;
  }

  /** One past the last coordinate. */
  long end() {
    return end;
  }
}
