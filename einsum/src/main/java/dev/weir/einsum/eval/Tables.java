package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Condition.Quantity;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import java.util.List;
import java.util.stream.Stream;

/** Indices of an Einsum wherever they stand, and the tables that it reads through them. */
final class Tables {

  private Tables() {}

  /** Accesses whose values are used as integers. */
  static List<Access> of(Einsum einsum) {
    return indices(einsum).flatMap(Tables::tables).distinct().toList();
  }

  /** All indices of both sides, of positions and of conditions; not those inside other indices. */
  static Stream<Index> indices(Einsum einsum) {
    return Stream.of(
            einsum.output().indices().stream(),
            indices(einsum.value()),
            einsum.condition().stream().flatMap(Tables::indices))
        .flatMap(stream -> stream);
  }

  private static Stream<Index> indices(Expression expression) {
    Stream<Index> own =
        switch (expression) {
          case Expression.Read read -> read.access().indices().stream();
          case Expression.Position position -> Stream.of(position.index());
          case Expression.Select select -> indices(select.condition());
          case Expression.Literal _,
              Expression.ShapeValue _,
              Expression.ScalarRead _,
              Expression.Unary _,
              Expression.Binary _ ->
              Stream.empty();
        };
    return Stream.concat(own, expression.children().stream().flatMap(Tables::indices));
  }

  static Stream<Index> indices(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> Stream.concat(indices(c.left()), indices(c.right()));
      case Condition.All all -> all.parts().stream().flatMap(Tables::indices);
      case Condition.Any any -> any.parts().stream().flatMap(Tables::indices);
      case Condition.Not not -> indices(not.part());
    };
  }

  private static Stream<Index> indices(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> Stream.of(of.index());
      case Quantity.OfShape _ -> Stream.empty();
      case Quantity.Combined c -> Stream.concat(indices(c.left()), indices(c.right()));
    };
  }

  private static Stream<Access> tables(Index index) {
    return switch (index) {
      case Index.Gathered gathered ->
          Stream.concat(
              Stream.of(gathered.access()),
              gathered.access().indices().stream().flatMap(Tables::tables));
      case Index.Clamped clamped -> tables(clamped.index());
      case Index.Coordinate _,
          Index.Joined _,
          Index.Next _,
          Index.Last _,
          Index.Fixed _,
          Index.Affine _,
          Index.HeadMap _ ->
          Stream.empty();
    };
  }
}
