package dev.weir.opencl.lower;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.NodePath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Spatial loops around a place.
 *
 * @param groups over work-groups, by the dimension of the grid that they use
 * @param items over the work-items of a group, likewise
 * @param lanes over the lanes of a vector
 */
record Parallel(Map<Integer, Loop> groups, Map<Integer, Loop> items, Optional<Lanes> lanes) {

  static final Parallel NONE = new Parallel(Map.of(), Map.of(), Optional.empty());

  /** A loop over work-groups or work-items. */
  record Loop(RankName rank, NodePath path) {}

  /**
   * The loop over lanes.
   *
   * @param count lanes of a vector: a power of 2, perhaps more than there are tiles
   * @param multicast what is loaded once for all lanes
   */
  record Lanes(RankName rank, int count, Set<TensorName> multicast) {
    Lanes {
      multicast = Set.copyOf(multicast);
    }
  }

  Parallel {
    groups = Map.copyOf(groups);
    items = Map.copyOf(items);
  }

  Parallel withGroups(int dimension, Loop loop) {
    Map<Integer, Loop> more = new HashMap<>(groups);
    more.put(dimension, loop);
    return new Parallel(more, items, lanes);
  }

  Parallel withItems(int dimension, Loop loop) {
    Map<Integer, Loop> more = new HashMap<>(items);
    more.put(dimension, loop);
    return new Parallel(groups, more, lanes);
  }

  Parallel withLanes(Lanes loop) {
    return new Parallel(groups, items, Optional.of(loop));
  }

  /** The same without loops over groups and items that go over one of these ranks. */
  Parallel without(Set<RankName> ranks) {
    Map<Integer, Loop> fewerGroups = new HashMap<>(groups);
    fewerGroups.values().removeIf(loop -> ranks.contains(loop.rank()));
    Map<Integer, Loop> fewerItems = new HashMap<>(items);
    fewerItems.values().removeIf(loop -> ranks.contains(loop.rank()));
    return new Parallel(fewerGroups, fewerItems, lanes);
  }

  /** Those of these loops that do not stand around another place, which these all stand around. */
  Parallel below(Parallel outer) {
    Map<Integer, Loop> moreGroups = new HashMap<>(groups);
    moreGroups.keySet().removeAll(outer.groups.keySet());
    Map<Integer, Loop> moreItems = new HashMap<>(items);
    moreItems.keySet().removeAll(outer.items.keySet());
    return new Parallel(moreGroups, moreItems, outer.lanes.isPresent() ? Optional.empty() : lanes);
  }
}
