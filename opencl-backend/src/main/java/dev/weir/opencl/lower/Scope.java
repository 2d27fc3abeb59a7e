package dev.weir.opencl.lower;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What holds at a place of the schedule.
 *
 * @param ranges where every rank stands
 * @param homes innermost home of every tensor that has one
 * @param iterating iterative ranks in the middle of a step
 * @param open tensors whose memory holds sums that are not finished
 * @param parallel spatial loops around
 * @param lanes lanes of a vector here, 1 where there are none
 * @param uniform whether all work-items of a group come here together
 */
record Scope(
    Map<RankName, Range> ranges,
    Map<TensorName, Home> homes,
    Set<RankName> iterating,
    Set<TensorName> open,
    Parallel parallel,
    int lanes,
    boolean uniform) {

  Scope {
    ranges = Map.copyOf(ranges);
    homes = Map.copyOf(homes);
    iterating = Set.copyOf(iterating);
    open = Set.copyOf(open);
  }

  /** The root of a schedule. */
  static Scope start(Map<RankName, Range> ranges) {
    return new Scope(ranges, Map.of(), Set.of(), Set.of(), Parallel.NONE, 1, true);
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
    return new Scope(more, homes, iterating, open, parallel, lanes, uniform);
  }

  /** The same where nothing may be reached beyond any limit. */
  Scope hardened() {
    Map<RankName, Range> harder = new HashMap<>();
    ranges.forEach((rank, range) -> harder.put(rank, range.hardened()));
    return new Scope(harder, homes, iterating, open, parallel, lanes, uniform);
  }

  Scope with(TensorName tensor, Home home) {
    Map<TensorName, Home> more = new HashMap<>(homes);
    more.put(tensor, home);
    return new Scope(ranges, more, iterating, open, parallel, lanes, uniform);
  }

  /** The same without the tiles of some tensors. */
  Scope without(Set<TensorName> tensors) {
    Map<TensorName, Home> fewer = new HashMap<>(homes);
    fewer.keySet().removeAll(tensors);
    return new Scope(ranges, fewer, iterating, open, parallel, lanes, uniform);
  }

  Scope withIterating(RankName rank) {
    Set<RankName> more = new HashSet<>(iterating);
    more.add(rank);
    return new Scope(ranges, homes, more, open, parallel, lanes, uniform);
  }

  Scope withOpen(TensorName tensor) {
    Set<TensorName> more = new HashSet<>(open);
    more.add(tensor);
    return new Scope(ranges, homes, iterating, more, parallel, lanes, uniform);
  }

  Scope with(Parallel more) {
    return new Scope(ranges, homes, iterating, open, more, lanes, uniform);
  }

  Scope withLanes(int count) {
    return new Scope(ranges, homes, iterating, open, parallel, count, uniform);
  }

  Scope diverged() {
    return new Scope(ranges, homes, iterating, open, parallel, lanes, false);
  }

  /** Coordinates that every rank spans at most. */
  Map<RankName, Long> extents() {
    Map<RankName, Long> extents = new HashMap<>();
    ranges.forEach((rank, range) -> extents.put(rank, range.extent()));
    return extents;
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
