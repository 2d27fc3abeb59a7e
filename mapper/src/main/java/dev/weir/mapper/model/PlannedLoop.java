package dev.weir.mapper.model;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import java.util.Optional;
import java.util.Set;

/**
 * A loop of a plan.
 *
 * @param number position among all loops of the tree
 * @param rank what it runs over
 * @param group number of the rank's group
 * @param inner whether the rank is the inner part of its group
 * @param tile coordinates of a tile
 * @param mark position among the loops that are not part of a nest; -1 in a nest
 * @param wave position among the spatial loops that are not part of a nest; -1 for others
 * @param axis where its tiles are at the same time; empty for a temporal loop
 * @param instances at the same time; 1 for a temporal loop
 * @param multicast tensors that are read once for all instances
 * @param reduce outputs whose contributions are merged
 */
record PlannedLoop(
    int number,
    RankName rank,
    int group,
    boolean inner,
    Amount tile,
    int mark,
    int wave,
    Optional<Axis> axis,
    long instances,
    Set<TensorName> multicast,
    Set<TensorName> reduce) {

  boolean spatial() {
    return axis.isPresent();
  }

  /** The mark of its first and last iterations. */
  long bit() {
    return mark < 0 ? 0 : 1L << mark;
  }
}
