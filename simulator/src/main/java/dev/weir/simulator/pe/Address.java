package dev.weir.simulator.pe;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Shapes;
import java.util.ArrayList;
import java.util.List;

/** Where an access points in its tensor: a weighted sum of coordinates, if its indices allow. */
final class Address {

  /** An index that is no weighted sum. */
  private record Other(Index index, int stride) {}

  private final RankSpace space;
  private final Coordinates coordinates;
  private final long[] weights;
  private final List<Other> others = new ArrayList<>();
  private long constant;

  Address(Access access, TensorLayout layout, RankSpace space, Shapes shapes) {
    this.space = space;
    this.coordinates = new Coordinates(space, shapes);
    this.weights = new long[space.count()];
    for (int at = 0; at < access.indices().size(); at++) {
      add(access.indices().get(at), layout.stride(at), shapes);
    }
  }

  private void add(Index index, int stride, Shapes shapes) {
    switch (index) {
      case Index.Coordinate c -> weights[space.number(c.rank())] += stride;
      case Index.Joined j -> {
        weights[space.number(j.outer())] += stride * shapes.of(j.inner());
        weights[space.number(j.inner())] += stride;
      }
      case Index.Next n -> {
        weights[space.number(n.rank())] += stride;
        constant += stride;
      }
      case Index.Last l -> constant += stride * shapes.of(l.rank());
      case Index.Fixed f -> constant += stride * f.coordinate();
      case Index.Affine a -> {
        a.terms().forEach(t -> weights[space.number(t.rank())] += stride * t.coefficient());
        constant += stride * a.offset();
      }
      case Index.HeadMap _, Index.Computed _, Index.Gathered _ ->
          others.add(new Other(index, stride));
    }
  }

  /** Whether it is nothing but a weighted sum. */
  boolean isLinear() {
    return others.isEmpty();
  }

  /** By how much it grows with a coordinate. */
  long weight(int rank) {
    return weights[rank];
  }

  int at(long[] point) {
    long at = constant;
    for (int rank = 0; rank < weights.length; rank++) {
      at += weights[rank] * point[rank];
    }
    for (Other other : others) {
      at += coordinates.of(other.index(), point) * other.stride();
    }
    return (int) at;
  }
}
