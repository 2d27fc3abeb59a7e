package dev.weir.simulator.engine;

import dev.weir.simulator.component.Flow;
import dev.weir.simulator.machine.Cost;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.Segment;
import java.util.List;
import java.util.Optional;

/** Moves tiles one after another. */
final class TileMover implements Clock.Listener, Stateful {

  /** Who is told that all tiles have moved. */
  interface Owner {
    void moved();
  }

  private final Run run;
  private final Phase phase;
  private final Owner owner;
  private final Flow flow = new Flow(Flow.Urgency.TILE);
  private Move move = new Move(List.of(), Segment.Direction.LOAD, Optional.empty());
  private List<Cost.OfTile> tiles = List.of();
  private int at;
  private long startedAt;

  TileMover(Run run, Phase phase, Owner owner) {
    this.run = run;
    this.phase = phase;
    this.owner = owner;
  }

  /** Whether no time is needed; if it is, the owner is told when it has passed. */
  boolean move(Move next) {
    move = next;
    tiles = next.tiles();
    at = 0;
    for (int i = 0; i < tiles.size(); i++) {
      run.prepared().count(tiles.get(i));
    }
    if (isThrough()) {
      return true;
    }
    phase.begin();
    begin();
    return false;
  }

  private boolean isThrough() {
    while (at < tiles.size() && tiles.get(at).service().nominalCycles() == 0) {
      at++;
    }
    return at == tiles.size();
  }

  private void begin() {
    startedAt = run.clock().now();
    run.clock().start(flow, tiles.get(at).service(), this);
  }

  @Override
  public void flowDone() {
    Cost.OfTile tile = tiles.get(at);
    run.clock().ended(tile.service());
    move.at().ifPresent(where -> record(tile, where));
    at++;
    if (isThrough()) {
      // The owner may begin the next batch, so the phase is told last.
      owner.moved();
      phase.end();
    } else {
      begin();
    }
  }

  private void record(Cost.OfTile tile, Ranges where) {
    run.recorder()
        .moved(move.direction(), tile.tensor(), tile.ends(), where, startedAt, run.clock().now());
  }

  @Override
  public void walk(StateWalk walk) {
    walk.same(tiles.size() - at);
    if (at < tiles.size()) {
      move.walk(walk);
      startedAt = walk.since(startedAt);
    }
  }
}
