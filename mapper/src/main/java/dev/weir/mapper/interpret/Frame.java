package dev.weir.mapper.interpret;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Ranges;
import java.util.Map;
import java.util.Optional;

/** Where a running schedule is: the loops and keeps around, each with its current step or entry. */
sealed interface Frame {

  /** Current ranges inside. */
  Ranges ranges();

  /** Outside all loops; the home of inputs and outputs. */
  record Start(Ranges ranges) implements Frame {}

  /**
   * A step of a loop.
   *
   * @param number of the tile, from 0
   * @param isLast whether it is the last tile of the loop's range
   * @param before ranges in the iteration before, in a {@code for}; empty in the first iteration
   * @param spatial the loop, when its steps are instances
   */
  record Step(
      Frame outer,
      Ranges ranges,
      RankName rank,
      long number,
      boolean isLast,
      Optional<Ranges> before,
      Optional<Node.Spatial> spatial)
      implements Frame {}

  /** An entry of a keep. */
  record Resident(Frame outer, Ranges ranges, Node.Keep keep, Map<TensorName, Entry> entries)
      implements Frame {}

  /**
   * A tensor at an entry of a keep.
   *
   * @param number no two entries have the same
   * @param hasPartialSums whether unfinished sums were loaded
   */
  record Entry(long number, boolean hasPartialSums) {}
}
