package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Cost;
import dev.weir.simulator.machine.Program;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.machine.Residence;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.StallReason;
import java.util.List;

/** A keep with room for one tile: work waits for its load and for its store. */
final class SingleTransfers implements Transfers, TileMover.Owner {

  private final Run run;
  private final Residence residence;
  private final long unitSet;
  private final TileMover mover;
  private final Initialiser initialiser;
  private Activity waiting = Activity.NOBODY;
  private long entries;

  SingleTransfers(Run run, Phase phase, Program.Kept kept, long unitSet) {
    this.run = run;
    this.residence = kept.residence();
    this.unitSet = unitSet;
    this.mover = new TileMover(run, phase, this);
    this.initialiser = new Initialiser(run, phase);
    phase.register(this);
  }

  @Override
  public void announce(Ranges ranges) {}

  @Override
  public boolean enter(Ranges ranges, Activity activity) {
    Residence.Tiles tiles = residence.tiles(ranges);
    entries++;
    initialiser.write(tiles.initial(), ranges);
    return mover.move(Move.of(run, tiles.loads(), Segment.Direction.LOAD, ranges))
        || await(activity, StallReason.Cause.LOAD);
  }

  @Override
  public boolean settle(Activity activity) {
    return true;
  }

  @Override
  public boolean leave(Ranges ranges, Activity activity) {
    List<Cost.OfTile> stores = residence.tiles(ranges).stores();
    return mover.move(Move.of(run, stores, Segment.Direction.STORE, ranges))
        || await(activity, StallReason.Cause.STORE);
  }

  private boolean await(Activity activity, StallReason.Cause reason) {
    waiting = activity;
    mover.await(reason, unitSet);
    return false;
  }

  @Override
  public void moved() {
    mover.awaited();
    waiting.resume();
  }

  @Override
  public void reset() {
    entries = 0;
  }

  @Override
  public long loadedEntries() {
    return entries;
  }

  @Override
  public long requestedEntries() {
    return entries;
  }

  @Override
  public void walk(StateWalk walk) {
    entries = walk.total(entries);
    mover.walk(walk);
    initialiser.walk(walk);
  }
}
