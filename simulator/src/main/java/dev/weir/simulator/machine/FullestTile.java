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
    return loops.isEmpty() ? shape.words(ranges) : words(ranges.copy(), 0);
  }

  private long words(Ranges ranges, int at) {
    if (at == loops.size()) {
      return shape.words(ranges);
    }
    Spread loop = loops.get(at);
    long low = ranges.low[loop.rank()];
    long extent = ranges.extent[loop.rank()];
    long tiles = Math.ceilDiv(extent, loop.tile());
    ranges.narrow(loop.rank(), low, Math.min(loop.tile(), extent));
    long words = words(ranges, at + 1);
    if (!loop.selects() && tiles > 1) {
      long lastLow = low + (tiles - 1) * loop.tile();
      long lastExtent = low + extent - lastLow;
      boolean alike = lastExtent == loop.tile() && !ranks.hasShortLastStep(loop.rank());
      ranges.narrow(loop.rank(), lastLow, lastExtent);
      long last = alike ? words : words(ranges, at + 1);
      words = Math.addExact(Math.multiplyExact(tiles - 1, words), last);
    }
    ranges.narrow(loop.rank(), low, extent);
    return words;
  }
}
