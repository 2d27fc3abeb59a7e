package dev.weir.einsum.ir;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every rank that a cascade mentions anywhere, as it has no list of them. */
final class MentionedRanks {

  private MentionedRanks() {}

  static Set<RankName> of(Cascade cascade) {
    Set<RankName> ranks = new LinkedHashSet<>();
    cascade.tensors().forEach(tensor -> ranks.addAll(tensor.ranks()));
    cascade.partitions().forEach(split -> ranks.add(split.parent()));
    ranks.addAll(new TreeSet<>(cascade.defaultShapes().keySet()));
    ranks.addAll(new TreeSet<>(cascade.derivedShapes().keySet()));
    cascade.derivedShapes().values().forEach(shape -> quantity(shape).sorted().forEach(ranks::add));
    cascade.distributions().values().stream()
        .flatMap(Distribution::bounds)
        .flatMap(MentionedRanks::quantity)
        .sorted()
        .forEach(ranks::add);
    cascade.scalars().values().forEach(value -> value(value).sorted().forEach(ranks::add));
    cascade.stops().forEach(stop -> condition(stop.condition()).forEach(ranks::add));
    for (Einsum einsum : cascade.einsums()) {
      ranks.addAll(einsum.iterationSpace());
      value(einsum.value()).forEach(ranks::add);
      einsum.condition().stream().flatMap(MentionedRanks::condition).forEach(ranks::add);
    }
    return ranks;
  }

  /** Ranks whose shape is read; those whose variable is read are in the iteration space. */
  private static Stream<RankName> value(Expression expression) {
    return expression
        .all()
        .flatMap(
            node ->
                switch (node) {
                  case Expression.ShapeValue shape -> Stream.of(shape.rank());
                  case Expression.Position position -> index(position.index());
                  case Expression.Read read ->
                      read.access().indices().stream().flatMap(MentionedRanks::index);
                  case Expression.Select select -> condition(select.condition());
                  case Expression.Apply apply -> value(apply.function().body());
                  case Expression.Literal _, Expression.ScalarRead _ -> Stream.empty();
                  case Expression.Unary _, Expression.Binary _ -> Stream.empty();
                  case Expression.Parameter _ -> Stream.empty();
                });
  }

  private static Stream<RankName> index(Index index) {
    return switch (index) {
      case Index.HeadMap map -> Stream.of(map.rank(), map.target());
      case Index.Last last -> Stream.of(last.rank());
      case Index.Joined joined -> Stream.of(joined.parent());
      case Index.Computed c -> quantity(c.quantity());
      case Index.Gathered gathered ->
          gathered.access().indices().stream().flatMap(MentionedRanks::index);
      case Index.Coordinate _, Index.Next _, Index.Fixed _, Index.Affine _ -> Stream.empty();
    };
  }

  private static Stream<RankName> condition(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> Stream.concat(quantity(c.left()), quantity(c.right()));
      case Condition.All all -> all.parts().stream().flatMap(MentionedRanks::condition);
      case Condition.Any any -> any.parts().stream().flatMap(MentionedRanks::condition);
      case Condition.Not not -> condition(not.part());
    };
  }

  private static Stream<RankName> quantity(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfShape of -> Stream.of(of.rank());
      case Quantity.OfNumber _, Quantity.OfScalar _ -> Stream.empty();
      case Quantity.OfIndex of -> index(of.index());
      case Quantity.Combined c -> Stream.concat(quantity(c.left()), quantity(c.right()));
    };
  }
}
