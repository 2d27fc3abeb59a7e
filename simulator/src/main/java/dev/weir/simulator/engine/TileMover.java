package dev.weir.simulator.engine;

import dev.weir.mapper.arch.LevelName;
import dev.weir.simulator.component.Flow;
import dev.weir.simulator.machine.Cost;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.Timeline;
import java.util.List;

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
  private List<Cost.OfTile> tiles = List.of();
  private Timeline.Activity activity = Timeline.Activity.LOAD;
  private int at;
  private long startedAt;

  TileMover(Run run, Phase phase, Owner owner) {
    this.run = run;
    this.phase = phase;
    this.owner = owner;
  }

  /** Whether no time is needed; if it is, the owner is told when it has passed. */
  boolean move(List<Cost.OfTile> batch, Timeline.Activity kind) {
    tiles = batch;
    activity = kind;
    at = 0;
    for (int i = 0; i < batch.size(); i++) {
      run.prepared().count(batch.get(i));
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
    for (LevelName end : tile.ends()) {
      Timeline.Lane lane = new Timeline.Lane.Level(end);
      if (run.timeline().isOpen(lane)) {
        run.timeline().add(lane, List.of(tile.tensor()), activity, startedAt, run.clock().now());
      }
    }
    at++;
    if (isThrough()) {
      // The owner may begin the next batch, so the phase is told last.
      owner.moved();
      phase.end();
    } else {
      begin();
    }
  }

  @Override
  public void walk(StateWalk walk) {
    walk.same(tiles.size() - at);
    if (at < tiles.size()) {
      walk.same(tiles);
      walk.same(activity);
    }
  }
}
