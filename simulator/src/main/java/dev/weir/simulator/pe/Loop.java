package dev.weir.simulator.pe;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import java.util.Optional;

/**
 * A loop of a schedule.
 *
 * @param number no two loops have the same
 * @param rank the rank that it splits
 * @param tile coordinates of a tile
 * @param lanes tiles that run at the same time; 1 for a temporal loop
 * @param spatial the node of a spatial loop
 */
record Loop(int number, int rank, long tile, long lanes, Optional<Node.Spatial> spatial) {

  boolean isSpatial() {
    return spatial.isPresent();
  }

  boolean multicasts(TensorName tensor) {
    return spatial.isPresent() && spatial.get().multicast().contains(tensor);
  }

  boolean reduces(TensorName tensor) {
    return spatial.isPresent() && spatial.get().reduce().contains(tensor);
  }

  /** Steps in which this many coordinates are covered. */
  long steps(long extent) {
    return Math.ceilDiv(extent, tile * lanes);
  }

  /** The tile of a lane in a step. */
  long tileNumber(long step, long lane) {
    return step * lanes + lane;
  }
}
