package dev.weir.simulator.pe;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.Shapes;

/** Indices and conditions at a point whose coordinates are known by rank. */
final class Coordinates {

  private final RankSpace space;
  private final Shapes shapes;

  Coordinates(RankSpace space, Shapes shapes) {
    this.space = space;
    this.shapes = shapes;
  }

  long of(Index index, long[] point) {
    return switch (index) {
      case Index.Coordinate c -> point[space.number(c.rank())];
      case Index.Joined j ->
          point[space.number(j.outer())] * shapes.of(j.inner()) + point[space.number(j.inner())];
      case Index.Next n -> point[space.number(n.rank())] + 1;
      case Index.Last l -> shapes.of(l.rank());
      case Index.Fixed f -> f.coordinate();
      case Index.Affine a -> {
        long sum = a.offset();
        for (Index.Term term : a.terms()) {
          sum += term.coefficient() * point[space.number(term.rank())];
        }
        yield sum;
      }
      case Index.HeadMap h ->
          Math.floorDiv(point[space.number(h.rank())] * shapes.of(h.target()), shapes.of(h.rank()));
      case Index.Computed c -> of(c.quantity(), point);
      case Index.Gathered g -> throw values(g);
    };
  }

  /** Of a whole quantity. */
  long of(Quantity quantity, long[] point) {
    return switch (quantity) {
      case Quantity.OfIndex of -> of(of.index(), point);
      case Quantity.OfShape of -> shapes.of(of.rank());
      case Quantity.Combined c -> c.operator().apply(of(c.left(), point), of(c.right(), point));
      case Quantity.OfNumber _, Quantity.OfScalar _ -> throw values(quantity);
    };
  }

  boolean holds(Condition condition, long[] point) {
    return switch (condition) {
      case Condition.Compare c -> c.comparison().holds(of(c.left(), point), of(c.right(), point));
      case Condition.All all -> all.parts().stream().allMatch(part -> holds(part, point));
      case Condition.Any any -> any.parts().stream().anyMatch(part -> holds(part, point));
      case Condition.Not not -> !holds(not.part(), point);
    };
  }

  private static IllegalArgumentException values(Object what) {
    return new IllegalArgumentException("depends on more than coordinates: " + what);
  }
}
