package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;

/**
 * Which iterations of the loops around a place are visited, where loops skip those without a
 * present point. What a loop inside visits, one around it visits too: so the innermost one decides.
 *
 * @param depth how many loops are around the body of the innermost loop that skips: their ranges
 *     decide
 * @param condition an iteration is visited if a point in these ranges fulfils it: the condition of
 *     any compute below that loop
 */
record Visits(int depth, Condition condition) {

  /** Whether what is visited depends on the ranks of a group. */
  boolean dependOn(int group, RankTable ranks) {
    return condition.ranks().anyMatch(rank -> ranks.place(rank).group() == group);
  }
}
