package dev.weir.simulator.machine;

import java.util.List;

/**
 * Words of a tile in the instance that has most of it: where spatial loops below a keep select
 * instances of its level, each word lives in the instance whose loop index covers it.
 */
final class FullestTile {

  /**
   * A loop between the keep and a compute that uses the tensor, over a rank of the tensor.
   *
   * @param selects whether its index says in which instance a word lives
   */
  record Spread(int rank, long tile, boolean selects) {}

  private final Ranks ranks;
  private final TileShape shape;
  private final List<Spread> loops;

  FullestTile(Ranks ranks, TileShape shape, List<Spread> loops) {
    this.ranks = ranks;
    this.shape = shape;
    this.loops = loops.stream().anyMatch(Spread::selects) ? List.copyOf(loops) : List.of();
  }

  long words(Ranges ranges) {
    if (loops.isEmpty()) {
      return shape.words(ranges);
    }
    long words = 1;
    for (TileShape.Side side : shape.sides()) {
      words = Math.multiplyExact(words, covered(side, ranges));
    }
    return words;
  }

  private long covered(TileShape.Side side, Ranges ranges) {
    long low = ranges.low[side.rank()];
    long extent = ranges.extent[side.rank()];
    if (side.inner() == Ranks.NONE) {
      return covered(on(side.rank()), extent);
    }
    if (extent == 1) {
      return covered(on(side.inner()), ranges.extent[side.inner()]);
    }
    return joined(side, on(side.rank()), low, extent);
  }

  private List<Spread> on(int rank) {
    return loops.stream().filter(loop -> loop.rank() == rank).toList();
  }

  /** Coordinates that the instance at position 0 gets; it has most, as tails come last. */
  private static long covered(List<Spread> loops, long extent) {
    if (loops.isEmpty()) {
      return extent;
    }
    Spread loop = loops.getFirst();
    List<Spread> below = loops.subList(1, loops.size());
    long tiles = Math.ceilDiv(extent, loop.tile());
    long first = covered(below, Math.min(loop.tile(), extent));
    if (loop.selects() || tiles == 1) {
      return first;
    }
    long last = covered(below, extent - (tiles - 1) * loop.tile());
    return Math.addExact(Math.multiplyExact(tiles - 1, first), last);
  }

  /** The same for joined coordinates: under every outer one that it gets, the inner ones. */
  private long joined(TileShape.Side side, List<Spread> outer, long low, long extent) {
    if (outer.isEmpty()) {
      long full = ranks.shape(side.inner());
      boolean endsShort =
          ranks.hasShortLastStep(side.rank()) && low + extent == ranks.shape(side.rank());
      long last = endsShort ? ranks.parentShape(side.rank()) % full : full;
      List<Spread> inner = on(side.inner());
      return Math.addExact(
          Math.multiplyExact(extent - 1, covered(inner, full)), covered(inner, last));
    }
    Spread loop = outer.getFirst();
    List<Spread> below = outer.subList(1, outer.size());
    long tiles = loop.selects() ? 1 : Math.ceilDiv(extent, loop.tile());
    long words = 0;
    for (long tile = 0; tile < tiles; tile++) {
      long start = tile * loop.tile();
      long covers = Math.min(loop.tile(), extent - start);
      words = Math.addExact(words, joined(side, below, low + start, covers));
    }
    return words;
  }
}
