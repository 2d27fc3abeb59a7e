package dev.weir.simulator.pe;

import java.util.ArrayList;
import java.util.List;

/**
 * The loops around a place, outermost first. Where a process stands on it is an array with the step
 * of every loop of the schedule, by the loop's number. A place below spatial loops is many places
 * at once, one a <em>lane</em>; lane 0 of every spatial loop leads, as it has the largest tiles.
 */
final class LoopPath {

  private static final long[] LEADER = {};

  private final RankSpace space;
  private final List<Loop> loops;

  private LoopPath(RankSpace space, List<Loop> loops) {
    this.space = space;
    this.loops = List.copyOf(loops);
  }

  static LoopPath root(RankSpace space) {
    return new LoopPath(space, List.of());
  }

  LoopPath in(Loop loop) {
    List<Loop> longer = new ArrayList<>(loops);
    longer.add(loop);
    return new LoopPath(space, longer);
  }

  List<Loop> loops() {
    return loops;
  }

  int depth() {
    return loops.size();
  }

  boolean hasSpatial() {
    return loops.stream().anyMatch(Loop::isSpatial);
  }

  /** Current ranges of the leading instance. */
  CurrentRanges ranges(long[] steps) {
    CurrentRanges ranges = new CurrentRanges(space);
    if (!enter(ranges, steps, LEADER, loops.size())) {
      throw new IllegalStateException("no such step of the loops " + loops);
    }
    return ranges;
  }

  /**
   * Current ranges of any instance.
   *
   * @param lanes by the depth of a loop
   * @return false when the instance has no tile in this step
   */
  boolean ranges(CurrentRanges into, long[] steps, long[] lanes) {
    into.reset();
    return enter(into, steps, lanes, loops.size());
  }

  private boolean enter(CurrentRanges ranges, long[] steps, long[] lanes, int depth) {
    for (int at = 0; at < depth; at++) {
      Loop loop = loops.get(at);
      long lane = lanes.length == 0 ? 0 : lanes[at];
      if (!ranges.narrow(loop.rank(), loop.tile(), loop.tileNumber(steps[loop.number()], lane))) {
        return false;
      }
    }
    return true;
  }

  private CurrentRanges around(int depth, long[] steps) {
    CurrentRanges ranges = new CurrentRanges(space);
    if (!enter(ranges, steps, LEADER, depth)) {
      throw new IllegalStateException("no such step of the loops " + loops);
    }
    return ranges;
  }

  boolean isFirst(int depth, long[] steps) {
    return steps[loops.get(depth).number()] == 0;
  }

  boolean isLast(int depth, long[] steps) {
    Loop loop = loops.get(depth);
    long all = loop.steps(around(depth, steps).extent[loop.rank()]);
    return steps[loop.number()] == all - 1;
  }

  /** Lanes of a spatial loop that have a tile in the present step. */
  long usedLanes(int depth, long[] steps) {
    Loop loop = loops.get(depth);
    long tiles = Math.ceilDiv(around(depth, steps).extent[loop.rank()], loop.tile());
    return Math.min(loop.lanes(), tiles - loop.tileNumber(steps[loop.number()], 0));
  }

  /**
   * Goes to the next step of the innermost loops that have one, those below starting anew.
   *
   * @param from depth of the outermost loop that may move
   * @param steps modified
   * @return depth of the outermost loop that moved; -1, and all of them at their first step, when
   *     none has a next one
   */
  int advance(int from, long[] steps) {
    for (int depth = loops.size() - 1; depth >= from; depth--) {
      if (!isLast(depth, steps)) {
        steps[loops.get(depth).number()]++;
        return depth;
      }
      steps[loops.get(depth).number()] = 0;
    }
    return -1;
  }

  /** Whether two processes stand at the same step of every loop. */
  boolean isSame(long[] steps, long[] others) {
    for (int depth = 0; depth < loops.size(); depth++) {
      int number = loops.get(depth).number();
      if (steps[number] != others[number]) {
        return false;
      }
    }
    return true;
  }

  /** What is done at an instance. */
  interface Visitor {
    /**
     * One instance.
     *
     * @param lanes by the depth of a loop; not to be kept
     */
    void visit(CurrentRanges ranges, long[] lanes);
  }

  /** Visits all instances that have a tile in this step. */
  void instances(long[] steps, Visitor visitor) {
    long[] used = new long[loops.size()];
    for (int depth = 0; depth < used.length; depth++) {
      used[depth] = loops.get(depth).isSpatial() ? usedLanes(depth, steps) : 1;
    }
    instances(steps, used, new long[used.length], 0, visitor);
  }

  private void instances(long[] steps, long[] used, long[] lanes, int depth, Visitor visitor) {
    if (depth == used.length) {
      CurrentRanges ranges = new CurrentRanges(space);
      if (ranges(ranges, steps, lanes)) {
        visitor.visit(ranges, lanes);
      }
      return;
    }
    for (lanes[depth] = 0; lanes[depth] < used[depth]; lanes[depth]++) {
      instances(steps, used, lanes, depth + 1, visitor);
    }
    lanes[depth] = 0;
  }
}
