package dev.weir.simulator.pe;

import java.util.BitSet;
import java.util.List;

/**
 * Words of a tile in the instance that has most of it, where spatial loops below a keep select
 * instances of its level: those that the elements at position 0 use, found by walking the loops.
 */
final class FullestTile {

  /**
   * A loop between the keep and a use of the tensor.
   *
   * @param selects whether its index says in which instance a word lives
   */
  record Spread(int rank, long tile, boolean selects) {}

  private final TensorLayout layout;
  private final RankSpace space;
  private final List<Spread> loops;

  FullestTile(TensorLayout layout, RankSpace space, List<Spread> loops) {
    this.layout = layout;
    this.space = space;
    this.loops = loops.stream().anyMatch(Spread::selects) ? List.copyOf(loops) : List.of();
  }

  long words(CurrentRanges ranges) {
    if (loops.isEmpty()) {
      return layout.words(ranges);
    }
    long words = 1;
    for (TensorLayout.Side side : layout.sides()) {
      BitSet covered = new BitSet();
      List<Spread> own = loops.stream().filter(loop -> layout.follows(side, loop.rank())).toList();
      cover(side, own, ranges, covered);
      words = Math.multiplyExact(words, covered.cardinality());
    }
    return words;
  }

  private void cover(
      TensorLayout.Side side, List<Spread> below, CurrentRanges ranges, BitSet covered) {
    if (below.isEmpty()) {
      covered.set((int) layout.start(side, ranges), (int) layout.end(side, ranges));
      return;
    }
    Spread loop = below.getFirst();
    long tiles = loop.selects() ? 1 : Math.ceilDiv(ranges.extent[loop.rank()], loop.tile());
    for (long number = 0; number < tiles; number++) {
      CurrentRanges inside = new CurrentRanges(space);
      inside.take(ranges);
      inside.narrow(loop.rank(), loop.tile(), number);
      cover(side, below.subList(1, below.size()), inside, covered);
    }
  }
}
