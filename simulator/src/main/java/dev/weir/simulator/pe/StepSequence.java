package dev.weir.simulator.pe;

import java.util.List;

/**
 * The steps of a nest, one after another, as the leading element of the array takes them: the
 * innermost loop fastest, spatial loops wave by wave.
 */
final class StepSequence {

  private final Loop[] loops;
  private final long[] steps;
  // Ranges around each loop, and at last inside all of them.
  private final CurrentRanges[] ranges;

  StepSequence(List<Loop> loops, CurrentRanges around, RankSpace space) {
    this.loops = loops.toArray(Loop[]::new);
    this.steps = new long[this.loops.length];
    this.ranges = new CurrentRanges[this.loops.length + 1];
    for (int at = 0; at < ranges.length; at++) {
      ranges[at] = new CurrentRanges(space);
    }
    ranges[0].take(around);
    enter(0);
  }

  private void enter(int from) {
    for (int at = from; at < loops.length; at++) {
      Loop loop = loops[at];
      ranges[at + 1].take(ranges[at]);
      ranges[at + 1].narrow(loop.rank(), loop.tile(), loop.tileNumber(steps[at], 0));
    }
  }

  /** Goes to the next step; false behind the last one. */
  boolean next() {
    for (int at = loops.length - 1; at >= 0; at--) {
      if (steps[at] + 1 < loops[at].steps(ranges[at].extent[loops[at].rank()])) {
        steps[at]++;
        enter(at);
        return true;
      }
      steps[at] = 0;
    }
    return false;
  }

  /** How many steps there are; the sequence is at its first one again. */
  long count() {
    long count = 1;
    while (next()) {
      count++;
    }
    enter(0);
    return count;
  }

  /** Which step of a loop of the nest. */
  long step(int loop) {
    return steps[loop];
  }

  /** Ranges around a loop of the nest. */
  CurrentRanges around(int loop) {
    return ranges[loop];
  }

  /** Coordinates of the leading element's point. */
  long[] coordinates() {
    return ranges[loops.length].low;
  }

  /**
   * Whether every element has a point in every step: no loop has a shorter tile, or an incomplete
   * wave, anywhere.
   */
  boolean isEven(RankSpace space) {
    for (int at = 0; at < loops.length; at++) {
      Loop loop = loops[at];
      long extent = ranges[at].extent[loop.rank()];
      boolean isSplit = loop.tile() < extent;
      boolean isWhole = extent % loop.tile() == 0 || !isSplit;
      long tiles = Math.ceilDiv(extent, loop.tile());
      boolean wavesAreFull = tiles <= loop.lanes() || tiles % loop.lanes() == 0;
      if (!isWhole || !wavesAreFull || (isSplit && space.hasShortLastStep(loop.rank()))) {
        return false;
      }
    }
    return true;
  }

  /** Takes an element through the present step; false when it has no point there. */
  boolean follow(CurrentRanges element, long[] lanes) {
    for (int at = 0; at < loops.length; at++) {
      Loop loop = loops[at];
      if (!element.narrow(loop.rank(), loop.tile(), loop.tileNumber(steps[at], lanes[at]))) {
        return false;
      }
    }
    return true;
  }
}
