package dev.weir.simulator.machine;

import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import java.util.List;

/**
 * Where the transfer process of a keep stands: it walks the loops of the phase ahead of the work.
 */
public final class Lookahead implements Stateful {

  private final Odometer odometer;
  private final List<Loop> onlyLast;
  private final Ranges ranges;
  private final Ranges before;
  private long entry;
  private boolean ended;
  private int lastMoved;

  /**
   * For a keep.
   *
   * @param start any ranges of the run; not modified
   */
  public Lookahead(Program.Kept kept, Ranges start) {
    this.odometer = new Odometer(kept.ahead());
    this.onlyLast = kept.onlyLast();
    this.ranges = start.copy();
    this.before = start.copy();
  }

  /** Stands at the first entry, where work stands. */
  public void begin(Ranges work) {
    ranges.take(work);
    entry = 0;
    ended = false;
    lastMoved = 0;
  }

  /** Goes to an entry; false when the phase has no such entry. */
  public boolean reach(long wanted) {
    while (entry < wanted && !ended) {
      advance();
    }
    return !ended;
  }

  private void advance() {
    before.take(ranges);
    lastMoved = Integer.MAX_VALUE;
    do {
      int moved = odometer.advance(ranges);
      ended = moved == Odometer.END;
      lastMoved = Math.min(lastMoved, moved);
    } while (!ended && !hasEntry());
    entry++;
  }

  private boolean hasEntry() {
    for (int i = 0; i < onlyLast.size(); i++) {
      if (!ranges.isLast(onlyLast.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Outermost loop that moved between the entry before and this one. */
  public int lastMoved() {
    return lastMoved;
  }

  /** Whether this entry has the very tile of the one before, of at least one of these shapes. */
  public boolean isSameTile(List<TileShape> shapes) {
    for (int i = 0; i < shapes.size(); i++) {
      if (shapes.get(i).isSame(before, ranges)) {
        return true;
      }
    }
    return false;
  }

  /** For one that has begun. Entries are compared with those of its keep, which count alike. */
  @Override
  public void walk(StateWalk walk) {
    walk.same(ended);
    walk.same(lastMoved);
    walk.same(entry > 0);
    entry = walk.total(entry);
    ranges.walk(walk);
    if (entry > 0) {
      before.walk(walk);
    }
  }

  /** Number of the entry where it stands, from 0. */
  public long entry() {
    return entry;
  }

  public Ranges ranges() {
    return ranges;
  }
}
