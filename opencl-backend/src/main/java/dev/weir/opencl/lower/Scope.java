package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
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
 * @param holding conditions that hold for all points from here on
 */
record Scope(
    Map<RankName, Range> ranges,
    Map<TensorName, Home> homes,
    Set<RankName> iterating,
    Set<TensorName> open,
    Parallel parallel,
    int lanes,
    boolean uniform,
    Set<Condition> holding) {

  Scope {
    ranges = Map.copyOf(ranges);
    homes = Map.copyOf(homes);
    iterating = Set.copyOf(iterating);
    open = Set.copyOf(open);
    holding = Set.copyOf(holding);
  }

  /** The root of a schedule. */
  static Scope start(Map<RankName, Range> ranges) {
    return new Scope(ranges, Map.of(), Set.of(), Set.of(), Parallel.NONE, 1, true, Set.of());
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
    return new Scope(more, homes, iterating, open, parallel, lanes, uniform, holding);
  }

  /** The same where nothing may be reached beyond any limit. */
  Scope hardened() {
    Map<RankName, Range> harder = new HashMap<>();
    ranges.forEach((rank, range) -> harder.put(rank, range.hardened()));
    return new Scope(harder, homes, iterating, open, parallel, lanes, uniform, holding);
  }

  Scope with(TensorName tensor, Home home) {
    Map<TensorName, Home> more = new HashMap<>(homes);
    more.put(tensor, home);
    return new Scope(ranges, more, iterating, open, parallel, lanes, uniform, holding);
  }

  /** The same without the tiles of some tensors. */
  Scope without(Set<TensorName> tensors) {
    Map<TensorName, Home> fewer = new HashMap<>(homes);
    fewer.keySet().removeAll(tensors);
    return new Scope(ranges, fewer, iterating, open, parallel, lanes, uniform, holding);
  }

  Scope withIterating(RankName rank) {
    Set<RankName> more = new HashSet<>(iterating);
    more.add(rank);
    return new Scope(ranges, homes, more, open, parallel, lanes, uniform, holding);
  }

  Scope withOpen(TensorName tensor) {
    Set<TensorName> more = new HashSet<>(open);
    more.add(tensor);
    return new Scope(ranges, homes, iterating, more, parallel, lanes, uniform, holding);
  }

  Scope with(Parallel more) {
    return new Scope(ranges, homes, iterating, open, more, lanes, uniform, holding);
  }

  Scope withLanes(int count) {
    return new Scope(ranges, homes, iterating, open, parallel, count, uniform, holding);
  }

  Scope diverged() {
    return new Scope(ranges, homes, iterating, open, parallel, lanes, false, holding);
  }

  /** Where conditions hold besides. */
  Scope withHolding(Collection<Condition> conditions) {
    Set<Condition> more = new HashSet<>(holding);
    more.addAll(conditions);
    return new Scope(ranges, homes, iterating, open, parallel, lanes, uniform, more);
  }

  /** The condition of an Einsum, unless it holds for all points here. */
  Optional<Condition> condition(Einsum einsum) {
    return einsum.condition().filter(condition -> !holding.contains(condition));
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
