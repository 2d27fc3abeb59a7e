package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.Map;

/** Whether a point is present, by its coordinates. */
final class WalkedConditions {

  private final Shapes shapes;
  private final Map<RankName, long[]> ranges;

  WalkedConditions(Shapes shapes, Map<RankName, long[]> ranges) {
    this.shapes = shapes;
    this.ranges = ranges;
  }

  boolean holds(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> c.comparison().holds(number(c.left()), number(c.right()));
      case Condition.All all -> all.parts().stream().allMatch(this::holds);
      case Condition.Any any -> any.parts().stream().anyMatch(this::holds);
      case Condition.Not not -> !holds(not.part());
    };
  }

  private long number(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> number(of.index());
      case Quantity.OfShape of -> shapes.of(of.rank());
      case Quantity.Combined c -> c.operator().apply(number(c.left()), number(c.right()));
      case Quantity.OfNumber _, Quantity.OfScalar _ ->
          throw new IllegalArgumentException("not whole: " + quantity);
    };
  }

  private long number(Index index) {
    return switch (index) {
      case Index.Coordinate c -> at(c.rank());
      case Index.Joined j -> at(j.outer()) * shapes.of(j.inner()) + at(j.inner());
      case Index.Next next -> at(next.rank()) + 1;
      case Index.Last last -> shapes.of(last.rank());
      case Index.Fixed fixed -> fixed.coordinate();
      case Index.Affine affine ->
          affine.offset()
              + affine.terms().stream().mapToLong(t -> t.coefficient() * at(t.rank())).sum();
      case Index.HeadMap map -> at(map.rank()) * shapes.of(map.target()) / shapes.of(map.rank());
      case Index.Computed computed -> number(computed.quantity());
      case Index.Gathered gathered -> throw new IllegalArgumentException("a table: " + gathered);
    };
  }

  private long at(RankName rank) {
    return ranges.get(rank)[0];
  }
}
