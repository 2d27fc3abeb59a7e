package dev.weir.mapper.model;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import java.util.Optional;
import java.util.Set;

/**
 * A loop with its sizes worked out.
 *
 * @param rank what it runs over
 * @param group number of the rank's group
 * @param inner whether the rank is the inner part of its group
 * @param tile coordinates of a tile
 * @param number position among the loops of the tree that are not part of a nest; -1 in a nest
 * @param axis where its tiles are at the same time; empty for a temporal loop
 * @param multicast tensors that are read once for all instances
 * @param reduce outputs whose contributions are merged
 */
record PlannedLoop(
    RankName rank,
    int group,
    boolean inner,
    long tile,
    int number,
    Optional<Axis> axis,
    Set<TensorName> multicast,
    Set<TensorName> reduce) {

  boolean spatial() {
    return axis.isPresent();
  }

  /** The mark of its first and last iterations in {@link Ranges}. */
  long bit() {
    return number < 0 ? 0 : 1L << number;
  }
}
