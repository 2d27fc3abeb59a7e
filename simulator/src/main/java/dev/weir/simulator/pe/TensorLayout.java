package dev.weir.simulator.pe;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where the elements of a tensor lie in an array, and which of them a tile covers. */
final class TensorLayout {

  /** How one rank of the tensor follows the loops. */
  sealed interface Side {

    /** A rank of the loops. */
    record Plain(int rank) implements Side {}

    /** Both parts of a partitioned rank, joined. */
    record Joined(int outer, int inner) implements Side {}

    /** The generations: a tile has room for one, and values of all are told apart. */
    record Generation() implements Side {}

    /** Read in another way. Such a tensor is in no keep, so nobody asks for its tile. */
    record Untiled() implements Side {}
  }

  /** What is done with an element of a tile. */
  interface Visitor {
    void visit(int offset);
  }

  private final RankSpace space;
  private final Tensor tensor;
  private final long[] shape;
  private final int[] strides;
  private final List<Side> sides;
  private final int size;

  /**
   * A layout in row-major order.
   *
   * @param einsums those of the cascade, whose accesses say how the tensor follows the loops
   */
  TensorLayout(Tensor tensor, List<Einsum> einsums, RankSpace space, Shapes shapes) {
    this.space = space;
    this.tensor = tensor;
    int ranks = tensor.ranks().size();
    shape = new long[ranks];
    strides = new int[ranks];
    long stride = 1;
    for (int at = ranks - 1; at >= 0; at--) {
      RankName rank = tensor.ranks().get(at);
      shape[at] = shapes.of(rank) + (isGeneration(rank) ? 1 : 0);
      strides[at] = Math.toIntExact(stride);
      stride = Math.multiplyExact(stride, shape[at]);
    }
    size = Math.toIntExact(stride);
    List<Access> accesses =
        einsums.stream()
            .flatMap(e -> Stream.concat(Stream.of(e.output()), e.value().reads()))
            .filter(access -> access.tensor().equals(tensor.name()))
            .toList();
    sides = IntStream.range(0, ranks).mapToObj(at -> side(at, accesses)).toList();
  }

  private boolean isGeneration(RankName rank) {
    return tensor.generations().equals(Optional.of(rank));
  }

  private Side side(int at, List<Access> accesses) {
    RankName own = tensor.ranks().get(at);
    if (isGeneration(own)) {
      return new Side.Generation();
    }
    List<Index> indices = accesses.stream().map(a -> a.indices().get(at)).distinct().toList();
    if (indices.isEmpty()) {
      return new Side.Plain(space.number(own));
    }
    if (indices.size() == 1 && indices.getFirst() instanceof Index.Coordinate c) {
      return new Side.Plain(space.number(c.rank()));
    }
    if (indices.size() == 1 && indices.getFirst() instanceof Index.Joined j) {
      return new Side.Joined(space.number(j.outer()), space.number(j.inner()));
    }
    return new Side.Untiled();
  }

  TensorName name() {
    return tensor.name();
  }

  double empty() {
    return tensor.empty();
  }

  int size() {
    return size;
  }

  int stride(int at) {
    return strides[at];
  }

  long[] shape() {
    return shape.clone();
  }

  /** The coordinate at a place. */
  long[] coordinate(int offset) {
    long[] coordinate = new long[shape.length];
    for (int at = 0; at < shape.length; at++) {
      coordinate[at] = offset / strides[at] % shape[at];
    }
    return coordinate;
  }

  /** Sides other than generations. */
  List<Side> sides() {
    return sides.stream().filter(side -> !(side instanceof Side.Generation)).toList();
  }

  boolean isGenerational() {
    return tensor.generations().isPresent();
  }

  /** Words of the tile; one generation of a tensor that has generations. */
  long words(CurrentRanges ranges) {
    long words = 1;
    for (Side side : sides) {
      words = Math.multiplyExact(words, end(side, ranges) - start(side, ranges));
    }
    return words;
  }

  long start(Side side, CurrentRanges ranges) {
    return switch (side) {
      case Side.Plain plain -> ranges.low[plain.rank()];
      case Side.Joined joined ->
          ranges.low[joined.outer()] * space.shape(joined.inner())
              + (ranges.extent[joined.outer()] == 1 ? ranges.low[joined.inner()] : 0);
      case Side.Generation _ -> 0;
      case Side.Untiled _ -> throw untiled();
    };
  }

  long end(Side side, CurrentRanges ranges) {
    return switch (side) {
      case Side.Plain plain -> ranges.low[plain.rank()] + ranges.extent[plain.rank()];
      case Side.Joined joined -> {
        if (ranges.extent[joined.outer()] == 1) {
          yield start(side, ranges) + ranges.extent[joined.inner()];
        }
        long steps = ranges.low[joined.outer()] + ranges.extent[joined.outer()];
        yield Math.min(steps * space.shape(joined.inner()), space.parentShape(joined.outer()));
      }
      case Side.Generation _ -> 1;
      case Side.Untiled _ -> throw untiled();
    };
  }

  /** Whether a side changes with a rank. */
  boolean follows(Side side, int rank) {
    return switch (side) {
      case Side.Plain plain -> plain.rank() == rank;
      case Side.Joined joined -> joined.outer() == rank || joined.inner() == rank;
      case Side.Generation _, Side.Untiled _ -> false;
    };
  }

  private IllegalStateException untiled() {
    return new IllegalStateException("no tile follows from the accesses to " + tensor.name());
  }

  /** Visits every element of the tile, those of all generations. */
  void visit(CurrentRanges ranges, Visitor visitor) {
    visit(ranges, visitor, 0, 0);
  }

  /** Visits every element of the tile in generation 0. */
  void visitInitial(CurrentRanges ranges, Visitor visitor) {
    int generation = tensor.ranks().indexOf(tensor.generations().orElseThrow());
    visit(
        ranges,
        offset -> {
          if (offset / strides[generation] % shape[generation] == 0) {
            visitor.visit(offset);
          }
        });
  }

  private void visit(CurrentRanges ranges, Visitor visitor, int at, int offset) {
    if (at == shape.length) {
      visitor.visit(offset);
      return;
    }
    Side side = sides.get(at);
    long last = side instanceof Side.Generation ? shape[at] : end(side, ranges);
    for (long coordinate = start(side, ranges); coordinate < last; coordinate++) {
      visit(ranges, visitor, at + 1, offset + (int) coordinate * strides[at]);
    }
  }
}
