package dev.weir.mapper.model;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The condition that a point reads an operand inside its shape: what lies outside is not read. */
final class Inside {

  private final Map<TensorName, Tensor> tensors;

  Inside(Cascade cascade) {
    this.tensors = cascade.tensorsByName();
  }

  /** What must hold for an access to be inside the shape of its tensor; nothing if it always is. */
  List<Condition> bounds(Access access) {
    Tensor tensor = tensors.get(access.tensor());
    List<Condition> all = new ArrayList<>();
    for (int at = 0; at < access.indices().size(); at++) {
      all.addAll(bounds(access.indices().get(at), tensor.ranks().get(at)));
    }
    return all;
  }

  private static List<Condition> bounds(Index index, RankName own) {
    return switch (index) {
      case Index.Affine _, Index.Fixed _, Index.Computed _, Index.Gathered _ ->
          bounds(index.quantity(), own);
      case Index.Coordinate c -> c.rank().equals(own) ? List.of() : bounds(c.quantity(), own);
      case Index.Joined _, Index.Next _, Index.Last _, Index.HeadMap _ -> List.of();
    };
  }

  private static List<Condition> bounds(Quantity coordinate, RankName own) {
    return List.of(
        new Condition.Compare(
            coordinate, Condition.Comparison.GREATER_OR_EQUAL, new Index.Fixed(0).quantity()),
        new Condition.Compare(coordinate, Condition.Comparison.LESS, new Quantity.OfShape(own)));
  }
}
