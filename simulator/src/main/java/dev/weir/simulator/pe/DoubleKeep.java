package dev.weir.simulator.pe;

import dev.weir.simulator.stats.StallReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A keep whose tiles move beside the work: one after another, stores before loads, one entry ahead
 * at most.
 */
final class DoubleKeep implements Keep {

  /**
   * Where a tile comes from.
   *
   * @param depth how many loops are around that keep
   * @param sureDepth its tiles are there ahead where only loops of this depth or a greater one move
   */
  record Upstream(Keep keep, int depth, int sureDepth) {

    boolean isThere(int lastMoved) {
      return lastMoved >= Math.min(depth, sureDepth) || keep.isAhead();
    }
  }

  /**
   * How it stands among the others.
   *
   * @param unitSet units that have work below it
   * @param upstream keeps that its tiles come from
   * @param room entries that there is room for
   * @param stepsAreWhole whether a step lasts until what moves beside it has moved
   * @param isOnDemand whether tiles do not exist before work asks for them
   * @param producedDepth how many loops are around both it and what produces its tiles beside it
   * @param handsOver whether others in a pipeline read what it stores
   * @param storeDepth how many loops are around both it and the innermost keep that it stores to,
   *     or a part beside it that reads what it stores
   */
  record Role(
      long unitSet,
      List<Upstream> upstream,
      long room,
      boolean stepsAreWhole,
      boolean isOnDemand,
      int producedDepth,
      boolean handsOver,
      int storeDepth) {}

  private final KeptTiles tiles;
  private final Mover mover;
  private final LookAhead lookAhead;
  private final Role role;
  private final Deque<long[]> toStore = new ArrayDeque<>();
  // Entries of this phase: that work asked for, that arrived, that work left, whose store began,
  // whose room is free again.
  private long requested;
  private long arrived;
  private long left;
  private long storesBegun;
  private long freed;
  private boolean isAnnounced;
  private boolean isStoring;
  private boolean drains;

  DoubleKeep(KeptTiles tiles, Clock clock, LookAhead lookAhead, Role role) {
    this.tiles = tiles;
    this.mover = new Mover(clock);
    this.lookAhead = lookAhead;
    this.role = role;
  }

  @Override
  public void announce(long[] steps) {
    if (!isAnnounced) {
      isAnnounced = true;
      lookAhead.begin(steps);
    }
  }

  @Override
  public void enter(long[] steps) {
    announce(steps);
    drains = false;
    requested++;
    tiles.initialise(steps);
  }

  @Override
  public Optional<Wait> entering() {
    return waiting(() -> arrived >= requested);
  }

  @Override
  public Optional<Wait> settling() {
    return waiting(mover::isIdle);
  }

  @Override
  public void leave(long[] steps) {
    left++;
    if (tiles.stores()) {
      toStore.add(steps.clone());
      drains = role.handsOver() || (left == requested && isLastBeforeMove());
    } else {
      tiles.close(steps);
      freed++;
    }
  }

  /** Whether the phase ends with this entry, or an entry of a keep that it stores to. */
  private boolean isLastBeforeMove() {
    return !lookAhead.reach(requested) || lookAhead.lastMoved() < role.storeDepth();
  }

  @Override
  public Optional<Wait> leaving() {
    return drains ? waiting(() -> toStore.isEmpty() && !isStoring) : Optional.empty();
  }

  /** The reason is what moves when the wait begins. */
  private Optional<Wait> waiting(BooleanSupplier isOver) {
    StallReason.Cause cause = isStoring ? StallReason.Cause.STORE : StallReason.Cause.LOAD;
    return isOver.getAsBoolean()
        ? Optional.empty()
        : Optional.of(Wait.stalled(cause, role.unitSet(), mover::pausesFor, isOver));
  }

  @Override
  public boolean act() {
    if (!mover.isIdle()) {
      return false;
    }
    if (!toStore.isEmpty() && mayStore()) {
      beginStore();
      return true;
    }
    if (mayLoad()) {
      beginLoad();
      return true;
    }
    return false;
  }

  /** A store belongs to the step of the next entry, unless none comes. */
  private boolean mayStore() {
    return !role.stepsAreWhole() || drains || storesBegun + 1 < requested;
  }

  private void beginStore() {
    long[] entry = toStore.remove();
    storesBegun++;
    isStoring = true;
    mover.move(
        tiles.stores(entry),
        () -> {
          tiles.close(entry);
          isStoring = false;
          freed++;
        });
  }

  private boolean mayLoad() {
    if (!isAnnounced || arrived > requested || arrived - freed >= role.room()) {
      return false;
    }
    boolean exists = lookAhead.reach(arrived);
    return arrived < requested
        || (exists && !role.isOnDemand() && isThere() && !waitsForItsOwnStore());
  }

  /** Whether the next tile is where it comes from. */
  private boolean isThere() {
    int moved = lookAhead.lastMoved();
    return moved >= role.producedDepth()
        && role.upstream().stream().allMatch(from -> from.isThere(moved));
  }

  private boolean waitsForItsOwnStore() {
    return freed < arrived
        && tiles.resuming(lookAhead.steps()).stream().anyMatch(lookAhead::isSameTile);
  }

  private void beginLoad() {
    long[] entry = lookAhead.steps().clone();
    tiles.open(entry);
    mover.move(tiles.loads(entry), () -> arrived++);
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
  public void reset() {
    isAnnounced = false;
    requested = 0;
    arrived = 0;
    left = 0;
    storesBegun = 0;
    freed = 0;
    drains = false;
  }

  @Override
  public boolean isAhead() {
    return arrived > requested;
  }
}
