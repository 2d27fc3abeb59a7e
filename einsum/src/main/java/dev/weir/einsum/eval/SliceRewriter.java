package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/**
 * Renumbers coordinates of sliced ranks. Where the number itself matters, in a condition, a
 * position or a head map, a table gives the coordinate in the whole.
 */
final class SliceRewriter {

  private final Map<TensorName, Tensor> tensors;
  private final Shapes shapes;
  private final Map<RankName, List<Long>> chosen;
  private final Map<TensorName, DenseTensor> tables = new HashMap<>();

  SliceRewriter(Cascade cascade, Shapes shapes, Map<RankName, List<Long>> chosen) {
    this.tensors = cascade.tensorsByName();
    this.shapes = shapes;
    this.chosen = chosen;
  }

  /** Tables that rewritten Einsums read. */
  Map<TensorName, DenseTensor> tables() {
    return tables;
  }

  static Optional<String> whyNotRewritable(
      Einsum einsum, RankName rank, Map<TensorName, Tensor> tensors) {
    List<Access> accesses = new ArrayList<>(einsum.tables());
    einsum.value().reads().forEach(accesses::add);
    accesses.add(einsum.output());
    for (Access access : accesses) {
      if (!Slice.isAligned(access, tensors.get(access.tensor()), rank)) {
        return Optional.of(
            "Einsum "
                + einsum.output().tensor()
                + " uses "
                + access.tensor()
                + " at other coordinates of it");
      }
    }
    Stream<Index> indices =
        Stream.concat(einsum.indices(), accesses.stream().flatMap(a -> a.indices().stream()));
    return indices.anyMatch(index -> isComputedFrom(index, rank))
        ? Optional.of("Einsum " + einsum.output().tensor() + " computes an index from it")
        : Optional.empty();
  }

  private static boolean isComputedFrom(Index index, RankName rank) {
    return switch (index) {
      case Index.Affine affine -> affine.ranks().anyMatch(rank::equals);
      case Index.Computed c -> c.ranks().anyMatch(rank::equals);
      case Index.Coordinate _,
          Index.Joined _,
          Index.Next _,
          Index.Last _,
          Index.Fixed _,
          Index.HeadMap _,
          Index.Gathered _ ->
          false;
    };
  }

  Einsum rewrite(Einsum einsum) {
    return new Einsum(
        rewrite(einsum.output()),
        rewrite(einsum.value()),
        einsum.reduction(),
        einsum.populate(),
        einsum.condition().map(this::rewrite));
  }

  private Access rewrite(Access access) {
    List<RankName> ranks = tensors.get(access.tensor()).ranks();
    List<Index> indices = new ArrayList<>();
    for (int i = 0; i < ranks.size(); i++) {
      Index index = access.indices().get(i);
      boolean isOwn = index.equals(new Index.Coordinate(ranks.get(i)));
      indices.add(isOwn ? index : rewrite(index));
    }
    return new Access(access.tensor(), indices);
  }

  private Expression rewrite(Expression expression) {
    return switch (expression) {
      case Expression.Literal _, Expression.ShapeValue _, Expression.ScalarRead _ -> expression;
      case Expression.Position position -> new Expression.Position(rewrite(position.index()));
      case Expression.Read read -> new Expression.Read(rewrite(read.access()));
      case Expression.Apply apply ->
          new Expression.Apply(
              apply.function(), apply.arguments().stream().map(this::rewrite).toList());
      case Expression.Parameter _ -> expression;
      case Expression.Unary unary ->
          new Expression.Unary(unary.operator(), rewrite(unary.operand()));
      case Expression.Binary binary ->
          new Expression.Binary(
              binary.operator(), binary.merge(), rewrite(binary.left()), rewrite(binary.right()));
      case Expression.Select select ->
          new Expression.Select(
              rewrite(select.condition()), rewrite(select.then()), rewrite(select.otherwise()));
    };
  }

  private Condition rewrite(Condition condition) {
    return switch (condition) {
      case Condition.Compare c ->
          new Condition.Compare(rewrite(c.left()), c.comparison(), rewrite(c.right()));
      case Condition.All all -> new Condition.All(all.parts().stream().map(this::rewrite).toList());
      case Condition.Any any -> new Condition.Any(any.parts().stream().map(this::rewrite).toList());
      case Condition.Not not -> new Condition.Not(rewrite(not.part()));
    };
  }

  private Quantity rewrite(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> rewrite(of.index()).quantity();
      case Quantity.OfShape _, Quantity.OfNumber _, Quantity.OfScalar _ -> quantity;
      case Quantity.Combined c ->
          new Quantity.Combined(rewrite(c.left()), c.operator(), rewrite(c.right()));
    };
  }

  /** An index in the whole, as an index over the slice. */
  private Index rewrite(Index index) {
    return switch (index) {
      case Index.Coordinate c when chosen.containsKey(c.rank()) ->
          table("coordinateOf" + c.rank(), c.rank(), coordinate -> coordinate);
      case Index.HeadMap h when chosen.containsKey(h.rank()) ->
          table(
              "headOf" + h.rank() + "In" + h.target(),
              h.rank(),
              head -> head * shapes.of(h.target()) / shapes.of(h.rank()));
      case Index.Computed c -> new Index.Computed(rewrite(c.quantity()));
      case Index.Gathered g -> new Index.Gathered(rewrite(g.access()));
      case Index.Coordinate _,
          Index.Joined _,
          Index.Next _,
          Index.Last _,
          Index.Fixed _,
          Index.Affine _,
          Index.HeadMap _ ->
          index;
    };
  }

  private Index table(String label, RankName rank, LongUnaryOperator entry) {
    String free = label;
    while (tensors.containsKey(new TensorName(free))) {
      free += "_";
    }
    TensorName name = new TensorName(free);
    List<Long> coordinates = chosen.get(rank);
    DenseTensor table = new DenseTensor(new long[] {coordinates.size()}, -1);
    for (int i = 0; i < coordinates.size(); i++) {
      table.set((double) entry.applyAsLong(coordinates.get(i)), i);
    }
    tables.put(name, table);
    return new Index.Gathered(new Access(name, List.of(new Index.Coordinate(rank))));
  }
}
