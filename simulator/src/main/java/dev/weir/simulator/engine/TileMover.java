package dev.weir.simulator.engine;

import dev.weir.simulator.component.Delay;
import dev.weir.simulator.component.Flow;
import dev.weir.simulator.machine.Cost;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.StallReason;
import java.util.List;
import java.util.Optional;

/**
 * Moves a batch of tiles, one after another. All are asked for when the batch begins, so the memory
 * that they leave is waited for once; and the batch is over when all are where they go to.
 */
final class TileMover implements Clock.Listener, Stateful {

  /** Who is told that all tiles have moved. */
  interface Owner {
    void moved();
  }

  private final Run run;
  private final Clock clock;
  private final Phase phase;
  private final Owner owner;
  private final Flow flow = new Flow(Flow.Urgency.TILE);
  private final Flow pause = new Flow(Flow.Urgency.TILE);
  private Move move = new Move(List.of(), Segment.Direction.LOAD, Optional.empty());
  private List<Cost.OfTile> tiles = List.of();
  private int at;
  private long startedAt;
  private boolean isDelayed;
  private long askedAt;
  private long thereAt;
  // For which memory it waits now, and which one it would wait for at the end.
  private Optional<StallReason.Latency> unanswered = Optional.empty();
  private Optional<StallReason.Latency> slowest = Optional.empty();
  // Why work waits for it, if it does.
  private Optional<StallReason.Cause> awaited = Optional.empty();
  private long waitingUnits;

  TileMover(Run run, Phase phase, Owner owner) {
    this.run = run;
    this.clock = run.clock();
    this.phase = phase;
    this.owner = owner;
  }

  /** Whether no time is needed; if it is, the owner is told when it has passed. */
  boolean move(Move next) {
    move = next;
    tiles = next.tiles();
    at = 0;
    isDelayed = false;
    for (int i = 0; i < tiles.size(); i++) {
      run.prepared().count(tiles.get(i));
      isDelayed |= isDelayed(tiles.get(i));
    }
    askedAt = clock.now();
    thereAt = askedAt;
    slowest = Optional.empty();
    if (!isDelayed && isThrough()) {
      return true;
    }
    phase.begin();
    goOn();
    return false;
  }

  private static boolean isDelayed(Cost.OfTile tile) {
    return tile.after().cycles() > 0 || tile.before().filter(d -> d.cycles() > 0).isPresent();
  }

  private boolean isThrough() {
    while (at < tiles.size() && tiles.get(at).service().nominalCycles() == 0) {
      at++;
    }
    return at == tiles.size();
  }

  /** Begins what takes time next; false when nothing does any more. */
  private boolean goOn() {
    while (at < tiles.size()) {
      Cost.OfTile tile = tiles.get(at);
      if (tile.before().isPresent() && isPaused(tile.before().get(), askedAt)) {
        return true;
      }
      if (tile.service().nominalCycles() > 0) {
        startedAt = clock.now();
        clock.start(flow, tile.service(), this);
        return true;
      }
      arrive(tile);
    }
    return slowest.isPresent() && isPaused(new Delay(slowest.get(), 0), thereAt);
  }

  /** Begins to wait until a memory has answered; false if it has. */
  private boolean isPaused(Delay delay, long since) {
    long cycles = since + delay.cycles() - clock.now();
    if (cycles <= 0) {
      return false;
    }
    answer(Optional.of(delay.reason()));
    clock.start(pause, new Delay(delay.reason(), cycles).service(), this);
    return true;
  }

  /** A tile has left its memory. */
  private void arrive(Cost.OfTile tile) {
    long there = clock.now() + tile.after().cycles();
    if (there > thereAt) {
      thereAt = there;
      slowest = Optional.of(tile.after().reason());
    }
    at++;
  }

  @Override
  public void flowDone() {
    if (unanswered.isPresent()) {
      answer(Optional.empty());
    } else {
      Cost.OfTile tile = tiles.get(at);
      clock.ended(tile.service());
      move.at().ifPresent(where -> record(tile, where));
      arrive(tile);
    }
    if (!goOn()) {
      isDelayed = false;
      // The owner may begin the next batch, so the phase is told last.
      owner.moved();
      phase.end();
    }
  }

  /** Waits for another memory from now on, or for none; so does who waits for this. */
  private void answer(Optional<StallReason.Latency> next) {
    tellWaiting(false);
    unanswered.ifPresent(latency -> phase.delay(latency, false));
    unanswered = next;
    unanswered.ifPresent(latency -> phase.delay(latency, true));
    tellWaiting(true);
  }

  private void record(Cost.OfTile tile, Ranges where) {
    run.recorder()
        .moved(move.direction(), tile.tensor(), tile.ends(), where, startedAt, clock.now());
  }

  /** Work of these units begins to wait for it: while it waits for a memory, they do as well. */
  void await(StallReason.Cause cause, long unitSet) {
    awaited = Optional.of(cause);
    waitingUnits = unitSet;
    tellWaiting(true);
  }

  /** Work goes on. */
  void awaited() {
    tellWaiting(false);
    awaited = Optional.empty();
  }

  private void tellWaiting(boolean begins) {
    if (awaited.isPresent()) {
      StallReason reason = unanswered.isPresent() ? unanswered.get() : awaited.get();
      clock.wait(reason, waitingUnits, begins);
    }
  }

  @Override
  public void walk(StateWalk walk) {
    walk.same(awaited);
    walk.same(tiles.size() - at);
    walk.same(unanswered);
    if (at < tiles.size() || unanswered.isPresent()) {
      move.walk(walk);
      startedAt = walk.since(startedAt);
    }
    if (isDelayed) {
      askedAt = walk.moment(askedAt);
      thereAt = walk.moment(thereAt);
      walk.same(slowest);
    }
  }
}
