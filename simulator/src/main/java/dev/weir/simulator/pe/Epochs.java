package dev.weir.simulator.pe;

import java.util.ArrayList;
import java.util.List;

/**
 * A pipeline with the flow loops around it. Tiles are numbered through all steps of these loops,
 * and every stage walks them by itself, so many epochs behind the first.
 */
final class Epochs {

  /**
   * A keep among the loops.
   *
   * @param depth how many loops are around it, those outside the pipeline included
   * @param firstStage the stage whose tile it is entered for
   * @param lastStage the last stage that uses it
   */
  record Link(Keep keep, int depth, int firstStage, int lastStage) {}

  private static final class Walker {
    private final int stage;
    private long[] steps = {};
    private boolean isActive;
    // Depth of the outermost loop that moved when this epoch began; -1 when it is the first.
    private int moved;

    Walker(int stage) {
      this.stage = stage;
    }
  }

  private final LoopPath path;
  private final int from;
  private final long unitSet;
  private final List<Walker> walkers = new ArrayList<>();
  private long[] start = {};
  private long epoch;

  /**
   * A pipeline.
   *
   * @param path loops around its stages
   * @param from depth of the first of its own loops
   * @param stages all stages that occur and 0, ascending
   * @param unitSet units that have work in it
   */
  Epochs(LoopPath path, int from, List<Integer> stages, long unitSet) {
    this.path = path;
    this.from = from;
    this.unitSet = unitSet;
    stages.forEach(stage -> walkers.add(new Walker(stage)));
  }

  /** Depth of the first of its loops. */
  int from() {
    return from;
  }

  long unitSet() {
    return unitSet;
  }

  /** Begins. */
  void begin(long[] steps) {
    start = steps.clone();
    for (int depth = from; depth < path.depth(); depth++) {
      start[path.loops().get(depth).number()] = 0;
    }
    epoch = -1;
    walkers.forEach(walker -> walker.isActive = false);
  }

  /** Where the first tile is. */
  long[] start() {
    return start;
  }

  /** Whether a keep stands between flow loops and is first used by a later stage. */
  boolean isLate(Link link) {
    return link.depth() < path.depth() && link.firstStage() > 0;
  }

  /** Every stage goes to its tile of the next epoch. */
  void advance() {
    epoch++;
    for (Walker walker : walkers) {
      if (walker.stage == epoch) {
        walker.steps = start.clone();
        walker.isActive = true;
        walker.moved = -1;
      } else if (walker.isActive) {
        walker.moved = path.advance(from, walker.steps);
        walker.isActive = walker.moved >= 0;
      }
    }
  }

  /** Whether a stage has a tile in this epoch. */
  boolean isActive(int stage) {
    return walker(stage).isActive;
  }

  /** Where a stage stands. */
  long[] steps(int stage) {
    return walker(stage).steps;
  }

  /** Stands where a stage does, inside the loops of the pipeline. */
  void place(int stage, long[] process) {
    for (int depth = from; depth < path.depth(); depth++) {
      int number = path.loops().get(depth).number();
      process[number] = walker(stage).steps[number];
    }
  }

  boolean isEntered(Link link) {
    Walker walker = walker(link.firstStage());
    return walker.isActive && walker.moved < link.depth();
  }

  /**
   * Whether the first stage is at the end of a step of flow loops that this keep is entered for.
   */
  boolean isSettled(Link link) {
    return link.depth() < path.depth()
        && link.firstStage() == 0
        && walkers.getFirst().isActive
        && isThrough(walkers.getFirst(), link.depth());
  }

  boolean isLeft(Link link) {
    Walker walker = walker(link.lastStage());
    return walker.isActive && isThrough(walker, link.depth());
  }

  /** Whether this epoch is the last one. */
  boolean isOver() {
    return walkers.getLast().isActive && isThrough(walkers.getLast(), from);
  }

  private boolean isThrough(Walker walker, int depth) {
    for (int at = depth; at < path.depth(); at++) {
      if (!path.isLast(at, walker.steps)) {
        return false;
      }
    }
    return true;
  }

  private Walker walker(int stage) {
    return walkers.stream().filter(walker -> walker.stage == stage).findFirst().orElseThrow();
  }
}
