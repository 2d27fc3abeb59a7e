package dev.weir.opencl.lower;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What holds at a place of the schedule.
 *
 * @param ranges where every rank stands
 * @param homes innermost home of every tensor that has one
 * @param loops temporal loops around, outermost first
 * @param iterating iterative ranks in the middle of a step
 * @param open tensors whose memory holds sums that are not finished
 * @param groupDimensions spatial loops around, by the dimension of the grid that they use
 * @param itemDimensions ranks that they put on dimensions of a work-group
 * @param lanes lanes of a vector here, 1 outside lane loops
 * @param uniform whether all work-items of a group come here together
 */
record Scope(
    Map<RankName, Range> ranges,
    Map<TensorName, Home> homes,
    List<Enclosing> loops,
    Set<RankName> iterating,
    Set<TensorName> open,
    Map<Integer, GroupLoop> groupDimensions,
    Map<Integer, RankName> itemDimensions,
    int lanes,
    boolean uniform) {

  /** A loop that emits a counter. */
  record Enclosing(RankName rank, Value.Variable counter) {}

  /** A spatial loop over work-groups. */
  record GroupLoop(RankName rank, NodePath path) {}

  Scope {
    ranges = Map.copyOf(ranges);
    homes = Map.copyOf(homes);
    loops = List.copyOf(loops);
    iterating = Set.copyOf(iterating);
    open = Set.copyOf(open);
    groupDimensions = Map.copyOf(groupDimensions);
    itemDimensions = Map.copyOf(itemDimensions);
  }

  Range range(RankName rank) {
    Range range = ranges.get(rank);
    if (range == null) {
      throw new IllegalStateException("rank " + rank + " has no range");
    }
    return range;
  }

  Scope with(RankName rank, Range range) {
    Map<RankName, Range> more = new HashMap<>(ranges);
    more.put(rank, range);
    return new Scope(
        more,
        homes,
        loops,
        iterating,
        open,
        groupDimensions,
        itemDimensions,
        lanes,
        uniform);
  }

  Scope with(TensorName tensor, Home home) {
    Map<TensorName, Home> more = new HashMap<>(homes);
    more.put(tensor, home);
    return new Scope(
        ranges,
        more,
        loops,
        iterating,
        open,
        groupDimensions,
        itemDimensions,
        lanes,
        uniform);
  }

  Scope within(Enclosing loop) {
    List<Enclosing> more = new ArrayList<>(loops);
    more.add(loop);
    return new Scope(
        ranges,
        homes,
        more,
        iterating,
        open,
        groupDimensions,
        itemDimensions,
        lanes,
        uniform);
  }

  Scope withIterating(RankName rank) {
    Set<RankName> more = new HashSet<>(iterating);
    more.add(rank);
    return new Scope(
        ranges, homes, loops, more, open, groupDimensions, itemDimensions, lanes, uniform);
  }

  Scope withOpen(TensorName tensor) {
    Set<TensorName> more = new HashSet<>(open);
    more.add(tensor);
    return new Scope(
        ranges,
        homes,
        loops,
        iterating,
        more,
        groupDimensions,
        itemDimensions,
        lanes,
        uniform);
  }

  /** Coordinates that every rank spans at most. */
  Map<RankName, Long> extents() {
    Map<RankName, Long> extents = new HashMap<>();
    ranges.forEach((rank, range) -> extents.put(rank, range.extent()));
    return extents;
  }

  Scope withGroups(int dimension, GroupLoop loop) {
    Map<Integer, GroupLoop> more = new HashMap<>(groupDimensions);
    more.put(dimension, loop);
    return new Scope(
        ranges, homes, loops, iterating, open, more, itemDimensions, lanes, uniform);
  }

  Scope withItems(int dimension, RankName rank) {
    Map<Integer, RankName> more = new HashMap<>(itemDimensions);
    more.put(dimension, rank);
    return new Scope(
        ranges, homes, loops, iterating, open, groupDimensions, more, lanes, uniform);
  }

  Scope withLanes(int count) {
    return new Scope(
        ranges,
        homes,
        loops,
        iterating,
        open,
        groupDimensions,
        itemDimensions,
        count,
        uniform);
  }

  Scope diverged() {
    return new Scope(
        ranges,
        homes,
        loops,
        iterating,
        open,
        groupDimensions,
        itemDimensions,
        lanes,
        false);
  }

  /** Whether some tile of local or private memory around here has the rank. */
  boolean isKept(RankName rank, Facts facts) {
    return homes.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getValue() instanceof Home.Tile
                    && facts.rankVariables(entry.getKey()).contains(rank));
  }
}
