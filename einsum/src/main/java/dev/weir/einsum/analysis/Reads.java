package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Condition.Quantity;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import java.util.List;
import java.util.stream.Stream;

/** Everything that an Einsum reads: operands, and tables in its indices and conditions. */
final class Reads {

  private Reads() {}

  /** Each access once, operands first. */
  static List<Access> of(Einsum einsum) {
    Stream<Access> operands = einsum.value().reads();
    Stream<Access> tables =
        Stream.of(
                einsum.output().indices().stream().flatMap(Reads::tables),
                tables(einsum.value()),
                einsum.condition().stream().flatMap(Reads::tables))
            .flatMap(stream -> stream);
    return Stream.concat(operands, tables).distinct().toList();
  }

  private static Stream<Access> tables(Expression expression) {
    Stream<Access> own =
        switch (expression) {
          case Expression.Read read -> read.access().indices().stream().flatMap(Reads::tables);
          case Expression.Position position -> tables(position.index());
          case Expression.Select select -> tables(select.condition());
          case Expression.Literal _,
              Expression.ShapeValue _,
              Expression.ScalarRead _,
              Expression.Unary _,
              Expression.Binary _ ->
              Stream.empty();
        };
    return Stream.concat(own, expression.children().stream().flatMap(Reads::tables));
  }

  private static Stream<Access> tables(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> Stream.concat(tables(c.left()), tables(c.right()));
      case Condition.All all -> all.parts().stream().flatMap(Reads::tables);
      case Condition.Any any -> any.parts().stream().flatMap(Reads::tables);
      case Condition.Not not -> tables(not.part());
    };
  }

  private static Stream<Access> tables(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> tables(of.index());
      case Quantity.OfShape _ -> Stream.empty();
      case Quantity.Combined c -> Stream.concat(tables(c.left()), tables(c.right()));
    };
  }

  private static Stream<Access> tables(Index index) {
    return switch (index) {
      case Index.Gathered gathered ->
          Stream.concat(
              Stream.of(gathered.access()),
              gathered.access().indices().stream().flatMap(Reads::tables));
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
