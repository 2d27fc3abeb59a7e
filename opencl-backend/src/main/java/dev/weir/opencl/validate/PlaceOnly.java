package dev.weir.opencl.validate;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whether the coordinates of a rank mean nothing but a place in tensors: each access takes them as
 * they are where its tensor has that rank, and nothing else reads them or the rank's shape.
 */
final class PlaceOnly {

  private final RankName rank;
  private final Cascade cascade;
  private final Map<TensorName, Tensor> tensors;

  PlaceOnly(RankName rank, Cascade cascade) {
    this.rank = rank;
    this.cascade = cascade;
    this.tensors = cascade.tensorsByName();
  }

  boolean holds() {
    Stream<Expression> expressions =
        Stream.concat(
            cascade.scalars().values().stream(), cascade.einsums().stream().map(Einsum::value));
    return expressions.allMatch(this::holds)
        && cascade.einsums().stream()
            .flatMap(einsum -> einsum.condition().stream())
            .allMatch(this::holds)
        && cascade.einsums().stream().allMatch(e -> holds(e.output()));
  }

  private boolean holds(Expression expression) {
    boolean own =
        switch (expression) {
          case Expression.Literal _, Expression.ScalarRead _ -> true;
          case Expression.ShapeValue shape -> !shape.rank().equals(rank);
          case Expression.Position position -> position.index().ranks().noneMatch(rank::equals);
          case Expression.Read read -> holds(read.access());
          case Expression.Unary _, Expression.Binary _, Expression.Parameter _ -> true;
          case Expression.Apply apply -> holds(apply.function().body());
          case Expression.Select select -> holds(select.condition());
        };
    return own && expression.children().stream().allMatch(this::holds);
  }

  /** What a computed index reaches is not known before it is computed. */
  private boolean holds(Access access) {
    List<RankName> ranks = tensors.get(access.tensor()).ranks();
    for (int position = 0; position < ranks.size(); position++) {
      Index index = access.indices().get(position);
      boolean isOwn = index.equals(new Index.Coordinate(rank));
      if (isOwn != ranks.get(position).equals(rank) || !(isOwn || isApart(index))) {
        return false;
      }
    }
    return true;
  }

  /** Whether an index other than the rank's own coordinate has nothing to do with the rank. */
  private boolean isApart(Index index) {
    return switch (index) {
      case Index.Coordinate _, Index.Fixed _ -> true;
      case Index.Gathered gathered -> holds(gathered.access());
      case Index.HeadMap map -> !map.rank().equals(rank) && !map.target().equals(rank);
      case Index.Computed computed -> holds(computed.quantity());
      case Index.Joined _, Index.Next _, Index.Affine _ -> index.ranks().noneMatch(rank::equals);
      case Index.Last last -> !last.rank().equals(rank);
    };
  }

  private boolean holds(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> holds(c.left()) && holds(c.right());
      case Condition.All all -> all.parts().stream().allMatch(this::holds);
      case Condition.Any any -> any.parts().stream().allMatch(this::holds);
      case Condition.Not not -> holds(not.part());
    };
  }

  private boolean holds(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of ->
          of.index() instanceof Index.Gathered gathered
              ? holds(gathered.access())
              : of.index().ranks().noneMatch(rank::equals);
      case Quantity.OfShape of -> !of.rank().equals(rank);
      case Quantity.OfNumber _, Quantity.OfScalar _ -> true;
      case Quantity.Combined c -> holds(c.left()) && holds(c.right());
    };
  }
}
