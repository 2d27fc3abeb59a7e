package dev.weir.simulator.pe;

import dev.weir.simulator.stats.StallReason;
import java.util.List;
import java.util.Optional;

/** A keep whose loads and stores work waits for. */
final class SingleKeep implements Keep {

  private final KeptTiles tiles;
  private final Mover mover;
  private final long unitSet;

  /**
   * A keep.
   *
   * @param unitSet units that have work below it
   */
  SingleKeep(KeptTiles tiles, Clock clock, long unitSet) {
    this.tiles = tiles;
    this.mover = new Mover(clock);
    this.unitSet = unitSet;
  }

  @Override
  public void announce(long[] steps) {}

  @Override
  public void enter(long[] steps) {
    tiles.open(steps);
    tiles.initialise(steps);
    mover.move(tiles.loads(steps), () -> {});
  }

  @Override
  public Optional<Wait> entering() {
    return waiting(StallReason.Cause.LOAD);
  }

  @Override
  public Optional<Wait> settling() {
    return Optional.empty();
  }

  @Override
  public void leave(long[] steps) {
    long[] entry = steps.clone();
    mover.move(tiles.stores(entry), () -> tiles.close(entry));
  }

  @Override
  public Optional<Wait> leaving() {
    return waiting(StallReason.Cause.STORE);
  }

  private Optional<Wait> waiting(StallReason.Cause cause) {
    return mover.isIdle()
        ? Optional.empty()
        : Optional.of(Wait.stalled(cause, unitSet, mover::pausesFor, mover::isIdle));
  }

  @Override
  public boolean act() {
    return false;
  }

  @Override
  public List<Mover> movers() {
    return List.of(mover, tiles.initialiser());
  }

  @Override
  public boolean isIdle() {
    return mover.isIdle() && !tiles.isInitialising();
  }

  @Override
  public void reset() {}

  @Override
  public boolean isAhead() {
    return false;
  }
}
