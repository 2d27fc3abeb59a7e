package dev.weir.simulator.machine;

import java.util.Optional;

/**
 * A loop around nests and keeps, by number.
 *
 * @param id its number among such loops
 * @param rank number of its rank
 * @param tile elements of a step
 * @param tilesPerStep tiles that one step covers: the instances of the axis for a spatial loop,
 *     which runs in waves, else 1
 * @param spatial what a spatial loop is bound to; empty for a temporal one
 */
public record Loop(
    int id, int rank, long tile, long tilesPerStep, Optional<SpatialBinding> spatial) {

  public boolean isSpatial() {
    return spatial.isPresent();
  }
}
