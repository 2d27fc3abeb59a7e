package dev.weir.mapper.model;

/**
 * Ranks whose ranges depend on each other: a rank alone, or the outer and the inner part of a
 * partitioned one. A rank alone counts as an outer part whose steps have a single coordinate.
 *
 * @param steps shape of the outer part
 * @param innerShape shape of the inner part
 * @param lastInnerShape coordinates of the inner part in the last step
 */
record RankGroup(long steps, long innerShape, long lastInnerShape) {

  static RankGroup alone(long shape) {
    return new RankGroup(shape, 1, 1);
  }

  static RankGroup parts(long parentShape, long innerShape) {
    long steps = Math.ceilDiv(parentShape, innerShape);
    return new RankGroup(steps, innerShape, parentShape - (steps - 1) * innerShape);
  }

  /** Range of the inner part where the outer one has so many steps, maybe with the last one. */
  long innerRange(long outer, boolean atEnd) {
    return outer == 1 && atEnd ? lastInnerShape : innerShape;
  }
}
