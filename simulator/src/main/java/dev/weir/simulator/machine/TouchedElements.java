package dev.weir.simulator.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Output elements that have a contribution since the keep of the accumulator was entered. Only
 * needed where a condition couples an output rank with a reduced rank that is looped outside the
 * nest: then whether a contribution is the first depends on the element.
 */
final class TouchedElements {

  private final Instances around;
  private final NestLoops nest;
  private final Nest.Presence presence;
  private final int[] outputRanks;
  private final List<Loop> loopsAroundKeep;
  private final List<Loop> partialLoops;
  private final Set<List<Long>> touched = new HashSet<>();
  private List<Long> entry = List.of();

  /**
   * Starts with nothing.
   *
   * @param outputRanks ranks of the output
   * @param loopsAroundKeep which entry of the keep it is
   * @param partialLoops entries in which one of them is not at its first step begin with partial
   *     sums of all elements
   */
  TouchedElements(
      Instances around,
      NestLoops nest,
      Nest.Presence presence,
      List<Integer> outputRanks,
      List<Loop> loopsAroundKeep,
      List<Loop> partialLoops) {
    this.around = around;
    this.nest = nest;
    this.presence = presence;
    this.outputRanks = outputRanks.stream().mapToInt(Integer::intValue).toArray();
    this.loopsAroundKeep = loopsAroundKeep;
    this.partialLoops = partialLoops;
  }

  /** Elements to which this nest contributes first. */
  long firstContributions(Ranges ranges) {
    List<Long> now = loopsAroundKeep.stream().map(ranges::offset).toList();
    if (!now.equals(entry)) {
      touched.clear();
      entry = now;
    }
    if (!partialLoops.stream().allMatch(ranges::isFirst)) {
      return 0;
    }
    long before = touched.size();
    visitInstances(ranges.copy(), 0);
    return touched.size() - before;
  }

  private void visitInstances(Ranges ranges, int from) {
    int at = from;
    while (at < around.path().size() && !around.path().get(at).isSpatial()) {
      at++;
    }
    if (at == around.path().size()) {
      visit(ranges, 0);
      return;
    }
    long tiles = ranges.tilesInWave(around.path().get(at));
    for (long tile = 0; tile < tiles; tile++) {
      Ranges instance = ranges.copy();
      if (around.select(ranges, instance, at, tile)) {
        visitInstances(instance, at + 1);
      }
    }
  }

  private void visit(Ranges ranges, int at) {
    if (at == nest.loops().size()) {
      if (presence.box().holds(presence.condition(), ranges) == PredicateBox.Holds.EVERYWHERE) {
        touched.add(
            new ArrayList<>(Arrays.stream(outputRanks).mapToObj(r -> ranges.low[r]).toList()));
      }
      return;
    }
    NestLoops.NestLoop loop = nest.loops().get(at);
    long low = ranges.low[loop.rank()];
    long extent = ranges.extent[loop.rank()];
    for (long start = low; start < low + extent; start += loop.tile()) {
      ranges.narrow(loop.rank(), start, Math.min(loop.tile(), low + extent - start));
      visit(ranges, at + 1);
    }
    ranges.narrow(loop.rank(), low, extent);
  }
}
