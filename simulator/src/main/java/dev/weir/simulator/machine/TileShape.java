package dev.weir.simulator.machine;

import dev.weir.einsum.ir.Index;
import java.util.ArrayList;
import java.util.List;

/** The tile of a tensor as a function of the current ranges. */
public final class TileShape {

  /** One rank of the tensor: a rank variable, or an outer and an inner one that join. */
  record Side(int rank, int inner) {}

  private final Ranks ranks;
  private final List<Side> sides = new ArrayList<>();

  /**
   * Follows from the accesses.
   *
   * @param indices how each rank of the tensor is accessed, generations left out
   */
  TileShape(List<Index> indices, Ranks ranks) {
    this.ranks = ranks;
    for (Index index : indices) {
      sides.add(
          switch (index) {
            case Index.Coordinate c -> new Side(ranks.number(c.rank()), Ranks.NONE);
            case Index.Joined joined ->
                new Side(ranks.number(joined.outer()), ranks.number(joined.inner()));
            case Index.Next _,
                Index.Last _,
                Index.Fixed _,
                Index.Affine _,
                Index.HeadMap _,
                Index.Computed _,
                Index.Gathered _ ->
                throw new IllegalArgumentException("no tile follows from index " + index);
          });
    }
  }

  List<Side> sides() {
    return sides;
  }

  /** Numbers of all ranks that it depends on. */
  List<Integer> rankNumbers() {
    List<Integer> numbers = new ArrayList<>();
    for (Side side : sides) {
      numbers.add(side.rank());
      if (side.inner() != Ranks.NONE) {
        numbers.add(side.inner());
      }
    }
    return numbers;
  }

  /** Words of the tile. */
  long words(Ranges ranges) {
    long words = 1;
    for (int i = 0; i < sides.size(); i++) {
      words = Math.multiplyExact(words, extent(sides.get(i), ranges));
    }
    return words;
  }

  /** Whether both ranges give the same elements. */
  boolean isSame(Ranges left, Ranges right) {
    for (int rank : rankNumbers()) {
      if (left.low[rank] != right.low[rank] || left.extent[rank] != right.extent[rank]) {
        return false;
      }
    }
    return true;
  }

  /** Joined coordinates c·M0 + [0, M0) of several c are one run without gaps. */
  private long extent(Side side, Ranges ranges) {
    if (side.inner() == Ranks.NONE) {
      return ranges.extent[side.rank()];
    }
    if (ranges.extent[side.rank()] == 1) {
      return ranges.extent[side.inner()];
    }
    long inner = ranks.shape(side.inner());
    long first = ranges.low[side.rank()] * inner;
    long end = (ranges.low[side.rank()] + ranges.extent[side.rank()]) * inner;
    return Math.min(end, ranks.parentShape(side.rank())) - first;
  }
}
