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
 * @param mark how many loops are around it, where it is not part of a nest; -1 in a nest
 * @param wave how many spatial ones are, where it is one too and not part of a nest; -1 for others
 * @param skip position among the loops that skip; -1 for others
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
    int skip,
    Optional<Axis> axis,
    long instances,
    Set<TensorName> multicast,
    Set<TensorName> reduce) {

  boolean spatial() {
    return axis.isPresent();
  }

  boolean skips() {
    return skip >= 0;
  }

  /** The mark of its first and last iterations. */
  long bit() {
    return mark < 0 ? 0 : 1L << mark;
  }
}
