package dev.weir.simulator.machine;

import java.util.List;

/** Walks nested loops step by step, the innermost fastest. */
public final class Odometer {

  /** What {@link #advance} answers behind the last step. */
  public static final int END = -1;

  private final List<Loop> loops;

  /**
   * Walks these loops.
   *
   * @param loops outermost first
   */
  public Odometer(List<Loop> loops) {
    this.loops = List.copyOf(loops);
  }

  /** Goes to the first step. */
  public void begin(Ranges ranges) {
    for (int i = 0; i < loops.size(); i++) {
      ranges.enter(loops.get(i));
    }
  }

  /** Goes to the next step; answers which loop is the outermost that moved, or {@link #END}. */
  public int advance(Ranges ranges) {
    for (int moved = loops.size() - 1; moved >= 0; moved--) {
      if (ranges.next(loops.get(moved))) {
        for (int i = moved + 1; i < loops.size(); i++) {
          ranges.enter(loops.get(i));
        }
        return moved;
      }
      ranges.leave(loops.get(moved));
    }
    return END;
  }
}
