package dev.weir.mapper.model;

/** What the ranks of a group contribute to the words of a tile. */
enum Share {
  /** The tensor has none of them. */
  NONE,
  /** It has the rank alone, or the outer part. */
  OUTER,
  INNER,
  /** It has both parts as ranks of their own. */
  BOTH,
  /** It has the partitioned rank, read through {@code outer*shape + inner}. */
  JOINED;

  /**
   * The factor.
   *
   * @param group number of the group
   * @param outer range of the outer part
   * @param atEnd whether this range contains the last step
   * @param inner range of the inner part
   */
  long of(Numbers numbers, int group, long outer, boolean atEnd, long inner) {
    return switch (this) {
      case NONE -> 1;
      case OUTER -> outer;
      case INNER -> inner;
      case BOTH -> Math.multiplyExact(outer, inner);
      case JOINED -> joined(numbers, group, outer, atEnd, inner);
    };
  }

  private static long joined(Numbers numbers, int group, long outer, boolean atEnd, long inner) {
    if (outer == 1) {
      return inner;
    }
    long shape = numbers.innerShape[group];
    long missing = atEnd ? shape - numbers.lastInnerShape[group] : 0;
    return Math.multiplyExact(outer, shape) - missing;
  }

  /**
   * Whether a tile changes with a rank of the group. An inner part changes with its outer part,
   * which decides how long it is.
   */
  boolean changesWith(boolean innerRank) {
    return switch (this) {
      case NONE -> false;
      case OUTER -> !innerRank;
      case INNER, BOTH, JOINED -> true;
    };
  }

  /** What a tensor has that has this and, as a further rank, the other part. */
  Share with(Share other) {
    return this == NONE ? other : BOTH;
  }
}
