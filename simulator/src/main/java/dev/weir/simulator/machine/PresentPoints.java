package dev.weir.simulator.machine;

import dev.weir.einsum.ir.Condition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts by visiting every point of a nest on whose coordinates a condition depends: where the
 * condition holds on a part of the nest only, nothing less is exact. Loops over other ranks count
 * as a factor.
 */
final class PresentPoints {

  private final Condition condition;
  private final PredicateBox predicate;
  private final Instances around;
  private final NestLoops nest;
  private final Set<Integer> relevant;

  // One count at a time.
  private List<Instances.Mode> aroundModes = List.of();
  private List<NestLoops.Mode> nestModes = List.of();
  private final Set<Long> keys = new HashSet<>();

  /**
   * Prepares counting.
   *
   * @param relevant ranks of the condition, whole partitions
   */
  PresentPoints(
      Condition condition,
      PredicateBox predicate,
      Instances around,
      NestLoops nest,
      Set<Integer> relevant) {
    this.condition = condition;
    this.predicate = predicate;
    this.around = around;
    this.nest = nest;
    this.relevant = relevant;
  }

  /**
   * Groups of points with at least one present point. Points belong to one group when they differ
   * only in loops that count once.
   */
  long count(Ranges ranges, List<Instances.Mode> aroundModes, List<NestLoops.Mode> nestModes) {
    this.aroundModes = aroundModes;
    this.nestModes = nestModes;
    keys.clear();
    visitInstances(ranges, 0, 0);
    return Math.multiplyExact(keys.size(), others(ranges));
  }

  private long others(Ranges ranges) {
    List<Instances.Mode> otherInstances = new ArrayList<>(aroundModes);
    for (int i = 0; i < otherInstances.size(); i++) {
      if (relevant.contains(around.path().get(i).rank())) {
        otherInstances.set(i, Instances.Mode.BUSIEST);
      }
    }
    List<NestLoops.Mode> otherLoops = new ArrayList<>(nestModes);
    for (int i = 0; i < otherLoops.size(); i++) {
      if (relevant.contains(nest.loops().get(i).rank())) {
        otherLoops.set(i, NestLoops.Mode.FIRST);
      }
    }
    return around.sum(ranges, otherInstances, at -> nest.count(at, otherLoops));
  }

  private void visitInstances(Ranges ranges, int from, long key) {
    List<Loop> path = around.path();
    int at = from;
    while (at < path.size()
        && !(path.get(at).isSpatial() && relevant.contains(path.get(at).rank()))) {
      at++;
    }
    if (at == path.size()) {
      visitPoints(ranges, 0, key);
      return;
    }
    Loop loop = path.get(at);
    boolean once = aroundModes.get(at) == Instances.Mode.ONCE;
    if (once && !ranges.isFirst(loop)) {
      return;
    }
    long tiles = aroundModes.get(at) == Instances.Mode.BUSIEST ? 1 : ranges.tilesInWave(loop);
    for (long tile = 0; tile < tiles; tile++) {
      Ranges instance = ranges.copy();
      if (around.select(ranges, instance, at, tile)) {
        visitInstances(instance, at + 1, once ? key : digit(key, loop.tilesPerStep(), tile));
      }
    }
  }

  private void visitPoints(Ranges ranges, int at, long key) {
    if (at == nest.loops().size()) {
      if (predicate.holds(condition, ranges) == PredicateBox.Holds.EVERYWHERE) {
        keys.add(key);
      }
      return;
    }
    NestLoops.NestLoop loop = nest.loops().get(at);
    long low = ranges.low[loop.rank()];
    long extent = ranges.extent[loop.rank()];
    boolean visits = relevant.contains(loop.rank());
    long tiles = visits ? Math.ceilDiv(extent, loop.tile()) : 1;
    for (long tile = 0; tile < tiles; tile++) {
      long start = low + tile * loop.tile();
      ranges.narrow(loop.rank(), start, Math.min(loop.tile(), low + extent - start));
      boolean once = !visits || nestModes.get(at) == NestLoops.Mode.FIRST;
      // The number of tiles may differ between steps around, so digits are as wide as the rank.
      visitPoints(ranges, at + 1, once ? key : digit(key, nest.mostTiles(at), tile));
    }
    ranges.narrow(loop.rank(), low, extent);
  }

  private static long digit(long key, long base, long value) {
    return Math.addExact(Math.multiplyExact(key, base), value);
  }
}
