package dev.weir.simulator.pe;

import java.util.List;

/** Where the transfers of a keep stand, which walk the loops of its phase ahead of the work. */
final class LookAhead {

  private final LoopPath path;
  private final int from;
  private final List<Integer> onlyLast;
  private long[] steps = {};
  private long[] before = {};
  private long entry;
  private boolean isOver;
  private int lastMoved;

  /**
   * For a keep.
   *
   * @param path loops around it
   * @param from depth of the outermost loop of its phase
   * @param onlyLast depths of loops of which only the last step has an entry
   */
  LookAhead(LoopPath path, int from, List<Integer> onlyLast) {
    this.path = path;
    this.from = from;
    this.onlyLast = List.copyOf(onlyLast);
  }

  /** Stands at the first entry of a phase. */
  void begin(long[] work) {
    steps = work.clone();
    before = work.clone();
    entry = 0;
    isOver = false;
    lastMoved = from;
  }

  /** Goes to an entry, by its number in the phase; false when the phase has no such entry. */
  boolean reach(long wanted) {
    while (entry < wanted && !isOver) {
      before = steps.clone();
      lastMoved = Integer.MAX_VALUE;
      do {
        int moved = path.advance(from, steps);
        isOver = moved < 0;
        lastMoved = Math.min(lastMoved, moved);
      } while (!isOver && !hasEntry());
      entry++;
    }
    return !isOver;
  }

  private boolean hasEntry() {
    return onlyLast.stream().allMatch(depth -> path.isLast(depth, steps));
  }

  /** Depth of the outermost loop that moved between the entry before and this one. */
  int lastMoved() {
    return lastMoved;
  }

  /** Whether this entry has the very words of a tensor that the one before has. */
  boolean isSameTile(TensorLayout layout) {
    CurrentRanges old = path.ranges(before);
    CurrentRanges here = path.ranges(steps);
    return layout.sides().stream()
        .allMatch(
            side ->
                layout.start(side, old) == layout.start(side, here)
                    && layout.end(side, old) == layout.end(side, here));
  }

  long[] steps() {
    return steps;
  }
}
