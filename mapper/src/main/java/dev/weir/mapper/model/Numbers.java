package dev.weir.mapper.model;

import dev.weir.einsum.ir.RankName;

/**
 * The sizes that one set of arguments gives a plan: tiles of the loops, and the shapes of the rank
 * groups. A group is a rank alone, or the outer and the inner part of a partitioned one; a rank
 * alone counts as an outer part whose steps have a single coordinate.
 */
final class Numbers {

  private final Plan plan;
  private final long[] arguments;

  /** Coordinates of a tile, by loop. */
  final long[] tiles;

  /** Shape of the outer part, by group. */
  final long[] steps;

  /** Shape of the inner part, by group. */
  final long[] innerShape;

  /** Coordinates of the inner part in the last step, by group. */
  final long[] lastInnerShape;

  Numbers(Plan plan) {
    this.plan = plan;
    this.arguments = new long[plan.arguments().count()];
    this.tiles = new long[plan.loops().size()];
    int groups = plan.ranks().groups().size();
    this.steps = new long[groups];
    this.innerShape = new long[groups];
    this.lastInnerShape = new long[groups];
  }

  /**
   * Takes over arguments.
   *
   * @param values as {@link Plan#arguments} orders them; not modified
   */
  void set(long[] values) {
    System.arraycopy(values, 0, arguments, 0, arguments.length);
    plan.arguments().complete(arguments);
    for (int loop = 0; loop < tiles.length; loop++) {
      tiles[loop] = plan.loops().get(loop).tile().of(arguments);
    }
    for (int group = 0; group < steps.length; group++) {
      RankTable.Group ranks = plan.ranks().groups().get(group);
      long parent = arguments[ranks.parent()];
      long inner = ranks.isPartitioned() ? arguments[ranks.inner()] : 1;
      steps[group] = Math.ceilDiv(parent, inner);
      innerShape[group] = inner;
      lastInnerShape[group] = parent - (steps[group] - 1) * inner;
    }
  }

  long value(Amount amount) {
    return amount.of(arguments);
  }

  long shape(RankName rank) {
    return arguments[plan.arguments().of(rank)];
  }

  /** Whether all steps of a group have equally many coordinates. */
  boolean isEven(int group) {
    return innerShape[group] == lastInnerShape[group];
  }

  /** Range of the inner part where the outer one has so many steps, maybe with the last one. */
  long innerRange(int group, long outer, boolean atEnd) {
    return outer == 1 && atEnd ? lastInnerShape[group] : innerShape[group];
  }
}
