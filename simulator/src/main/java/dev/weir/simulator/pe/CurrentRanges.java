package dev.weir.simulator.pe;

import java.util.Arrays;

/** The current range of every rank at a place: coordinates from {@code low}, so many of them. */
final class CurrentRanges {

  private final RankSpace space;
  final long[] low;
  final long[] extent;

  /** At the root of a schedule, where every rank is whole. */
  CurrentRanges(RankSpace space) {
    this.space = space;
    low = new long[space.count()];
    extent = new long[space.count()];
    reset();
  }

  /** Back to the root. */
  void reset() {
    for (int rank = 0; rank < low.length; rank++) {
      low[rank] = 0;
      extent[rank] = space.shape(rank);
    }
    for (int rank = 0; rank < low.length; rank++) {
      fitInner(rank);
    }
  }

  /** Whether every rank covers as many coordinates as there. */
  boolean isAsLargeAs(CurrentRanges other) {
    return Arrays.equals(extent, other.extent);
  }

  void take(CurrentRanges other) {
    System.arraycopy(other.low, 0, low, 0, low.length);
    System.arraycopy(other.extent, 0, extent, 0, extent.length);
  }

  /**
   * Narrows the rank of a loop to one of its tiles.
   *
   * @param number which tile, from 0
   * @return false, and nothing changes, when the range has no such tile
   */
  boolean narrow(int rank, long tile, long number) {
    long offset = number * tile;
    if (offset >= extent[rank]) {
      return false;
    }
    long covers = Math.min(tile, extent[rank] - offset);
    if (covers != extent[rank]) {
      low[rank] += offset;
      extent[rank] = covers;
      fitInner(rank);
    }
    return true;
  }

  private void fitInner(int rank) {
    int inner = space.innerOf(rank);
    if (inner != RankSpace.NONE) {
      low[inner] = 0;
      extent[inner] = space.innerExtent(rank, low[rank], extent[rank]);
    }
  }
}
