package dev.weir.simulator.machine;

import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import java.util.Arrays;

/**
 * Where a process stands: the current range of every rank and the position of every loop around it.
 * Mutable; every process has its own.
 */
public final class Ranges implements Stateful {

  private final Ranks ranks;
  final long[] low;
  final long[] extent;
  // By loop: the range that it walks, and where in it.
  private final long[] baseLow;
  private final long[] baseExtent;
  private final long[] position;
  // Loops that it is in, outermost first.
  private final Loop[] entered;
  private int depth;

  Ranges(Ranks ranks, int loopCount) {
    this.ranks = ranks;
    low = new long[ranks.count()];
    extent = new long[ranks.count()];
    baseLow = new long[loopCount];
    baseExtent = new long[loopCount];
    position = new long[loopCount];
    entered = new Loop[loopCount];
    for (int rank = 0; rank < extent.length; rank++) {
      extent[rank] = ranks.shape(rank);
    }
    for (int rank = 0; rank < extent.length; rank++) {
      fitInner(rank);
    }
  }

  /** A process of its own that starts from here. */
  public Ranges copy() {
    Ranges copy = new Ranges(ranks, position.length);
    copy.take(this);
    return copy;
  }

  /** Goes where another process stands. */
  public void take(Ranges other) {
    System.arraycopy(other.low, 0, low, 0, low.length);
    System.arraycopy(other.extent, 0, extent, 0, extent.length);
    System.arraycopy(other.baseLow, 0, baseLow, 0, baseLow.length);
    System.arraycopy(other.baseExtent, 0, baseExtent, 0, baseExtent.length);
    System.arraycopy(other.position, 0, position, 0, position.length);
    System.arraycopy(other.entered, 0, entered, 0, other.depth);
    depth = other.depth;
  }

  /** Enters a loop at its first step. */
  public void enter(Loop loop) {
    baseLow[loop.id()] = low[loop.rank()];
    baseExtent[loop.id()] = extent[loop.rank()];
    entered[depth++] = loop;
    moveTo(loop, baseLow[loop.id()]);
  }

  /** Goes to the next step of a loop; false, and nothing changes, when there is none. */
  public boolean next(Loop loop) {
    if (isLast(loop)) {
      return false;
    }
    moveTo(loop, position[loop.id()] + loop.tile() * loop.tilesPerStep());
    return true;
  }

  /** Goes to the last step of a loop. */
  void skipToLast(Loop loop) {
    long step = loop.tile() * loop.tilesPerStep();
    long steps = Math.ceilDiv(baseExtent[loop.id()], step);
    moveTo(loop, baseLow[loop.id()] + (steps - 1) * step);
  }

  /** Leaves a loop: its rank has the range that it had before. */
  public void leave(Loop loop) {
    depth--;
    narrow(loop.rank(), baseLow[loop.id()], baseExtent[loop.id()]);
  }

  boolean isFirst(Loop loop) {
    return position[loop.id()] == baseLow[loop.id()];
  }

  /** Whether a loop is in its last step. */
  public boolean isLast(Loop loop) {
    long step = loop.tile() * loop.tilesPerStep();
    return position[loop.id()] + step >= baseLow[loop.id()] + baseExtent[loop.id()];
  }

  /** Elements from the current step of a loop to the end of its range, this step included. */
  long ahead(Loop loop) {
    return baseLow[loop.id()] + baseExtent[loop.id()] - position[loop.id()];
  }

  /** Tiles of a spatial loop that run in the current wave. */
  long tilesInWave(Loop loop) {
    return Math.min(loop.tilesPerStep(), Math.ceilDiv(ahead(loop), loop.tile()));
  }

  /** Elements by which the current step of a loop lies behind its beginning. */
  long offset(Loop loop) {
    return position[loop.id()] - baseLow[loop.id()];
  }

  /**
   * Puts an instance of a spatial loop in the place of the first one.
   *
   * @param tile which tile of the wave
   */
  void select(Loop spatial, long tile) {
    long start = position[spatial.id()] + tile * spatial.tile();
    long end = baseLow[spatial.id()] + baseExtent[spatial.id()];
    narrow(spatial.rank(), start, Math.min(spatial.tile(), end - start));
  }

  /**
   * Stands at the same step of a loop as another process although its range may differ; false when
   * its range has no such step.
   */
  boolean follow(Loop loop, long offset) {
    if (offset >= extent[loop.rank()]) {
      return false;
    }
    baseLow[loop.id()] = low[loop.rank()];
    baseExtent[loop.id()] = extent[loop.rank()];
    entered[depth++] = loop;
    moveTo(loop, baseLow[loop.id()] + offset);
    return true;
  }

  private void moveTo(Loop loop, long start) {
    position[loop.id()] = start;
    long end = baseLow[loop.id()] + baseExtent[loop.id()];
    narrow(loop.rank(), start, Math.min(loop.tile(), end - start));
  }

  /** Sets a range; the inner part of a partitioned rank follows its outer part. */
  void narrow(int rank, long newLow, long newExtent) {
    if (low[rank] == newLow && extent[rank] == newExtent) {
      return;
    }
    low[rank] = newLow;
    extent[rank] = newExtent;
    fitInner(rank);
  }

  private void fitInner(int rank) {
    int inner = ranks.innerOf(rank);
    if (inner != Ranks.NONE) {
      long full = ranks.shape(inner);
      low[inner] = 0;
      extent[inner] =
          extent[rank] == 1 ? Math.min(full, ranks.parentShape(rank) - low[rank] * full) : full;
    }
  }

  /** Whether a loop has a step after the next one, so that steps like this one lie ahead. */
  public boolean hasStepsAhead(Loop loop) {
    return offset(loop) + 2 * loop.tile() * loop.tilesPerStep() < baseExtent[loop.id()];
  }

  @Override
  public void walk(StateWalk walk) {
    walk.same(depth);
    for (int i = 0; i < depth; i++) {
      Loop loop = entered[i];
      long offset = offset(loop);
      walk.same(loop.id());
      walk.same(baseExtent[loop.id()]);
      if (hasStepsAlike(i)) {
        long step = loop.tile() * loop.tilesPerStep();
        shift(i, walk.position(i, offset, baseExtent[loop.id()] - 1 - step) - offset);
      } else {
        walk.same(offset);
      }
    }
  }

  /**
   * Whether steps of a loop, but the first and the last, differ in nothing: coordinates of its rank
   * decide no condition, and all instances of a wave around have all of its steps.
   */
  private boolean hasStepsAlike(int at) {
    int rank = entered[at].rank();
    boolean alike = !ranks.isConditioned(rank);
    for (int i = 0; i < at && alike; i++) {
      Loop around = entered[i];
      alike =
          !around.isSpatial()
              || (around.rank() != rank && ranks.innerOf(around.rank()) != rank)
              || !endsShort(around);
    }
    return alike;
  }

  /** Whether the last instance of a spatial loop in the current wave has less than the others. */
  boolean endsShort(Loop spatial) {
    return ahead(spatial) < tilesInWave(spatial) * spatial.tile()
        || ranks.hasShortLastStep(spatial.rank());
  }

  /** Moves a loop on, and with it the loops inside over the same rank. */
  private void shift(int at, long elements) {
    if (elements == 0) {
      return;
    }
    Loop moved = entered[at];
    low[moved.rank()] += elements;
    position[moved.id()] += elements;
    for (int i = at + 1; i < depth; i++) {
      Loop inside = entered[i];
      if (inside.rank() == moved.rank()) {
        baseLow[inside.id()] += elements;
        position[inside.id()] += elements;
      }
    }
  }

  /** Whether the range reaches the end of its rank. */
  boolean touchesEnd(int rank) {
    return low[rank] + extent[rank] == ranks.shape(rank);
  }

  @Override
  public String toString() {
    return Arrays.toString(low) + " + " + Arrays.toString(extent);
  }
}
