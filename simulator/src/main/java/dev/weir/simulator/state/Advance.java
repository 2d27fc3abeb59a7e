package dev.weir.simulator.state;

/** Moves the state of a run on by so many periods, each like the one between two snapshots. */
public final class Advance implements StateWalk {

  private final Snapshot earlier;
  private final Snapshot later;
  private final long periods;
  private int totals;
  private int positions;

  /**
   * For one walk.
   *
   * @param earlier the state where the period began
   * @param later the state now, where it ended
   * @param periods at most {@link Snapshot#periodsAhead}
   */
  public Advance(Snapshot earlier, Snapshot later, long periods) {
    this.earlier = earlier;
    this.later = later;
    this.periods = periods;
  }

  /** Cycles that are skipped. */
  public long cycles() {
    return Math.multiplyExact(periods, later.cycle() - earlier.cycle());
  }

  @Override
  public void same(long value) {}

  @Override
  public void same(Object value) {}

  @Override
  public long total(long value) {
    return Math.addExact(value, Math.multiplyExact(periods, later.totalSince(earlier, totals++)));
  }

  @Override
  public long moment(long cycle) {
    return Math.addExact(cycle, cycles());
  }

  @Override
  public long since(long cycle) {
    return cycle > earlier.cycle() ? Math.addExact(cycle, cycles()) : cycle;
  }

  @Override
  public long position(int depth, long offset, long most) {
    return offset + periods * later.offsetSince(earlier, positions++);
  }
}
