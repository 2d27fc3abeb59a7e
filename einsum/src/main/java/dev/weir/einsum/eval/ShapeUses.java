package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the shape of a rank is a number of the computation. */
final class ShapeUses {

  private ShapeUses() {}

  static boolean isUsed(RankName rank, Cascade cascade) {
    return numbers(cascade).anyMatch(rank::equals);
  }

  /** Ranks whose shape an evaluator may ask for without iterating them, head maps included. */
  static Set<RankName> all(Cascade cascade) {
    Stream<RankName> headMaps =
        cascade.einsums().stream()
            .flatMap(Einsum::indices)
            .flatMap(ShapeUses::withInner)
            .filter(Index.HeadMap.class::isInstance)
            .map(index -> ((Index.HeadMap) index).target());
    return Stream.concat(numbers(cascade), headMaps).collect(Collectors.toSet());
  }

  private static Stream<RankName> numbers(Cascade cascade) {
    Stream<RankName> scalars = cascade.scalars().values().stream().flatMap(ShapeUses::in);
    return Stream.concat(scalars, cascade.einsums().stream().flatMap(ShapeUses::in));
  }

  private static Stream<RankName> in(Einsum einsum) {
    return Stream.of(
            einsum.indices().flatMap(ShapeUses::in),
            in(einsum.value()),
            einsum.populate().stream().flatMap(p -> p.mass().stream()).flatMap(ShapeUses::in),
            einsum.condition().stream().flatMap(ShapeUses::in))
        .flatMap(stream -> stream);
  }

  private static Stream<RankName> in(Index index) {
    return switch (index) {
      case Index.Last last -> Stream.of(last.rank());
      case Index.Computed computed -> in(computed.quantity());
      case Index.Gathered gathered -> gathered.access().indices().stream().flatMap(ShapeUses::in);
      case Index.Coordinate _,
          Index.Joined _,
          Index.Next _,
          Index.Fixed _,
          Index.Affine _,
          Index.HeadMap _ ->
          Stream.empty();
    };
  }

  /** An index and those inside it. */
  private static Stream<Index> withInner(Index index) {
    Stream<Index> inner =
        switch (index) {
          case Index.Computed computed -> computed.quantity().indices();
          case Index.Gathered gathered -> gathered.access().indices().stream();
          case Index.Coordinate _,
              Index.Joined _,
              Index.Next _,
              Index.Last _,
              Index.Fixed _,
              Index.Affine _,
              Index.HeadMap _ ->
              Stream.empty();
        };
    return Stream.concat(Stream.of(index), inner.flatMap(ShapeUses::withInner));
  }

  private static Stream<RankName> in(Expression expression) {
    return expression
        .all()
        .flatMap(
            node ->
                switch (node) {
                  case Expression.ShapeValue shape -> Stream.of(shape.rank());
                  case Expression.Select select -> in(select.condition());
                  case Expression.Apply apply -> in(apply.function().body());
                  case Expression.Literal _, Expression.Position _, Expression.ScalarRead _ ->
                      Stream.empty();
                  case Expression.Read _, Expression.Unary _, Expression.Binary _ -> Stream.empty();
                  case Expression.Parameter _ -> Stream.empty();
                });
  }

  private static Stream<RankName> in(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> Stream.concat(in(c.left()), in(c.right()));
      case Condition.All all -> all.parts().stream().flatMap(ShapeUses::in);
      case Condition.Any any -> any.parts().stream().flatMap(ShapeUses::in);
      case Condition.Not not -> in(not.part());
    };
  }

  private static Stream<RankName> in(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> in(of.index());
      case Quantity.OfShape shape -> Stream.of(shape.rank());
      case Quantity.OfNumber _, Quantity.OfScalar _ -> Stream.empty();
      case Quantity.Combined c -> Stream.concat(in(c.left()), in(c.right()));
    };
  }
}
