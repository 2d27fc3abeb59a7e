package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Cost;
import dev.weir.simulator.machine.Lookahead;
import dev.weir.simulator.machine.Program;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.machine.Residence;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.StallReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A double-buffered keep: its own process moves tiles beside the work, one after another, stores
 * before loads. It loads what the entry at hand needs, then one entry ahead of it as soon as there
 * is room and the tile exists. So the first load of a phase and its last store are exposed, and a
 * step takes max(work, store of the one before + load of the next).
 */
final class DoubleTransfers implements Transfers, TileMover.Owner {

  /** What work waits for. */
  private enum Awaited {
    NOTHING,
    /** The tiles of the entry that it asked for. */
    ENTRY,
    /** All that moves beside a step. */
    STEP,
    /** All stores. */
    STORES
  }

  private final Run run;
  private final Clock clock;
  private final Program.Kept kept;
  private final long unitSet;
  private final List<Transfers> upstream;
  private final List<DoubleTransfers> downstream = new ArrayList<>();
  private final long room;
  private final boolean stepsAreWhole;
  private final TileMover mover;
  private final Initialiser initialiser;
  private final Lookahead lookahead;
  private final Deque<Move> toStore = new ArrayDeque<>();
  // Entries of this phase: work asked for them, their tiles arrived, work left them, their store
  // has begun or there is none, their room is free again.
  private long requested;
  private long loaded;
  private long left;
  private long storesBegun;
  private long freed;
  private boolean announced;
  private boolean moving;
  private boolean storing;
  private boolean drains;
  private boolean pumping;
  private Awaited awaited = Awaited.NOTHING;
  private Activity waiting;
  private long waitingSince;

  /**
   * A process.
   *
   * @param room tiles that there is room for
   * @param stepsAreWhole whether a step lasts until what moves beside it has moved
   */
  DoubleTransfers(
      Run run,
      Phase phase,
      Program.Kept kept,
      long unitSet,
      List<Transfers> upstream,
      long room,
      boolean stepsAreWhole) {
    this.run = run;
    this.clock = run.clock();
    this.kept = kept;
    this.unitSet = unitSet;
    this.upstream = List.copyOf(upstream);
    this.room = room;
    this.stepsAreWhole = stepsAreWhole;
    this.mover = new TileMover(run, phase, this);
    this.initialiser = new Initialiser(run, phase);
    this.lookahead = new Lookahead(kept, run.prepared().start());
    this.waiting = Activity.NOBODY;
    phase.register(this);
    run.waits().register(this);
  }

  @Override
  public void announce(Ranges ranges) {
    if (!announced) {
      announced = true;
      lookahead.begin(ranges);
      pump();
    }
  }

  @Override
  public boolean enter(Ranges ranges, Activity activity) {
    announce(ranges);
    drains = false;
    requested++;
    initialiser.write(kept.residence().tiles(ranges).initial(), ranges);
    pump();
    return loaded >= requested || await(activity, Awaited.ENTRY);
  }

  @Override
  public boolean settle(Activity activity) {
    return !moving || await(activity, Awaited.STEP);
  }

  private boolean await(Activity activity, Awaited what) {
    waiting = activity;
    awaited = what;
    waitingSince = clock.now();
    mover.await(moving && storing ? StallReason.Cause.STORE : StallReason.Cause.LOAD, unitSet);
    return false;
  }

  @Override
  public boolean leave(Ranges ranges, Activity activity) {
    Residence.Tiles tiles = kept.residence().tiles(ranges);
    left++;
    if (tiles.stores().isEmpty()) {
      storesBegun++;
      freed++;
      pump();
      return true;
    }
    toStore.add(Move.of(run, tiles.stores(), Segment.Direction.STORE, ranges));
    drains = kept.handsOver() || (left == requested && isLastBeforeMove());
    pump();
    return !drains || isDrained() || await(activity, Awaited.STORES);
  }

  /** Whether the phase ends with this entry, or a keep that it stores to. */
  private boolean isLastBeforeMove() {
    return !lookahead.reach(requested) || lookahead.lastMoved() < kept.storeDepth();
  }

  private boolean isDrained() {
    return toStore.isEmpty() && !storing;
  }

  /** Begins whatever may begin now. Tiles that take no time must not recurse. */
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    boolean more = true;
    while (more && !moving) {
      more = beginStore() || beginLoad();
    }
    pumping = false;
    wake();
  }

  private boolean beginStore() {
    if (toStore.isEmpty() || !mayStore()) {
      return false;
    }
    storing = true;
    storesBegun++;
    begin(toStore.remove());
    return true;
  }

  /** A store belongs to the step of the next entry, so it begins with that, unless none comes. */
  private boolean mayStore() {
    return !stepsAreWhole || drains || storesBegun + 1 < requested;
  }

  private boolean beginLoad() {
    if (!mayLoad()) {
      return false;
    }
    storing = false;
    Ranges next = lookahead.ranges();
    List<Cost.OfTile> loads = kept.residence().tiles(next).loads();
    begin(Move.of(run, loads, Segment.Direction.LOAD, next));
    return true;
  }

  private void begin(Move next) {
    moving = true;
    if (mover.move(next)) {
      complete();
    }
  }

  private boolean mayLoad() {
    if (!announced || loaded > requested || loaded - freed >= room) {
      return false;
    }
    // The position of the lookahead is used below.
    boolean exists = lookahead.reach(loaded);
    return loaded < requested
        || (exists && !kept.onDemand() && isThere() && !waitsForItsOwnStore());
  }

  /** Whether the next tile exists, and every keep that it comes from holds it already. */
  private boolean isThere() {
    if (lookahead.lastMoved() < kept.producedDepth()) {
      return false;
    }
    for (int i = 0; i < upstream.size(); i++) {
      boolean crosses = lookahead.lastMoved() < kept.upstream().get(i).loopsAround();
      Transfers from = upstream.get(i);
      if (crosses && from.loadedEntries() <= from.requestedEntries()) {
        return false;
      }
    }
    return true;
  }

  private boolean waitsForItsOwnStore() {
    return freed < loaded
        && lookahead.isSameTile(kept.residence().tiles(lookahead.ranges()).resuming());
  }

  @Override
  public void moved() {
    complete();
    pump();
  }

  private void complete() {
    moving = false;
    if (storing) {
      storing = false;
      freed++;
    } else {
      loaded++;
      downstream.forEach(DoubleTransfers::pump);
    }
  }

  /** Work waits for its entry, or for all that moves beside it. */
  private void wake() {
    boolean isOver =
        switch (awaited) {
          case NOTHING -> false;
          case ENTRY -> loaded >= requested;
          case STEP -> !moving;
          case STORES -> isDrained();
        };
    if (isOver) {
      awaited = Awaited.NOTHING;
      mover.awaited();
      waiting.resume();
    }
  }

  /**
   * Why the work that waits for this keep goes on no more, if any does and nothing takes time: its
   * tiles may come in as soon as there is room, so that is what is missing.
   */
  Optional<String> stuck() {
    if (awaited == Awaited.NOTHING || !lookahead.reach(loaded)) {
      return Optional.empty();
    }
    Residence residence = kept.residence();
    return Optional.of(
        "%s for %s has waited since cycle %,d for %s to come to %s; there it waits for room, as the"
                .formatted(
                    waiting.where(),
                    run.waits().units(unitSet),
                    waitingSince,
                    tiles(residence, lookahead.ranges()),
                    residence.level())
            + " keep has room for %,d tiles and holds %,d; it gives one back when %s"
                .formatted(room, loaded - freed, waiting.leaving(this)));
  }

  private String tiles(Residence residence, Ranges at) {
    return residence.tensors().stream()
        .map(tensor -> tensor + "[" + run.prepared().coordinates().ofTile(tensor, at) + "]")
        .collect(Collectors.joining(" and "));
  }

  /** Tells another keep whenever a tile has arrived that its own tiles may come from. */
  void feed(DoubleTransfers other) {
    downstream.add(other);
  }

  @Override
  public void reset() {
    announced = false;
    requested = 0;
    loaded = 0;
    left = 0;
    storesBegun = 0;
    drains = false;
    freed = 0;
  }

  @Override
  public long loadedEntries() {
    return loaded;
  }

  @Override
  public long requestedEntries() {
    return requested;
  }

  @Override
  public void walk(StateWalk walk) {
    mover.walk(walk);
    initialiser.walk(walk);
    walk.same(announced);
    if (!announced) {
      return;
    }
    walkEntries(walk);
    walk.same(moving);
    walk.same(storing);
    walk.same(drains);
    walk.same(awaited);
    walk.same(toStore.size());
    toStore.forEach(move -> move.walk(walk));
    waitingSince = walk.since(waitingSince);
    lookahead.walk(walk);
  }

  private void walkEntries(StateWalk walk) {
    walk.same(loaded - requested);
    walk.same(left - requested);
    walk.same(storesBegun - requested);
    walk.same(freed - requested);
    walk.same(lookahead.entry() - requested);
    requested = walk.total(requested);
    loaded = walk.total(loaded);
    left = walk.total(left);
    storesBegun = walk.total(storesBegun);
    freed = walk.total(freed);
  }
}
