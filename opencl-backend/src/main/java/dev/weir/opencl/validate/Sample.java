package dev.weir.opencl.validate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.Slice;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A smaller workload whose outputs are some of those of a large one: a few coordinates of each rank
 * that is parallel and whose coordinates mean nothing but a place in tensors.
 *
 * @param chosen coordinates kept of each sampled rank, ascending
 * @param shapes of the smaller workload
 */
record Sample(Map<RankName, List<Long>> chosen, Shapes shapes) {

  /** Samples a workload; ranks with at most so many coordinates stay whole. */
  static Sample of(Cascade cascade, Shapes shapes, int most) {
    Map<RankName, List<Long>> chosen = new HashMap<>();
    Map<RankName, Long> smaller = new HashMap<>();
    Set<RankName> outer = new LinkedHashSet<>();
    cascade.partitions().forEach(split -> outer.add(split.outer()));
    for (RankName rank : ranks(cascade)) {
      if (outer.contains(rank)) {
        continue;
      }
      long shape = shapes.of(rank);
      boolean isSampled =
          shape > most
              && isPlaceOnly(rank, cascade)
              && Slice.whyNotParallel(rank, cascade).isEmpty();
      if (isSampled) {
        chosen.put(rank, spread(shape, most));
      }
      smaller.put(rank, isSampled ? most : shape);
    }
    return new Sample(
        chosen, chosen.isEmpty() ? shapes : Shapes.complete(smaller, cascade.partitions()));
  }

  /** First, last and evenly between: the last ones stand in tails. */
  private static List<Long> spread(long shape, int most) {
    return LongStream.range(0, most)
        .map(i -> most == 1 ? shape - 1 : i * (shape - 1) / (most - 1))
        .boxed()
        .toList();
  }

  private static Set<RankName> ranks(Cascade cascade) {
    Set<RankName> ranks = new TreeSet<>(cascade.ranks());
    cascade.tensors().forEach(tensor -> ranks.addAll(tensor.ranks()));
    cascade.einsums().forEach(einsum -> ranks.addAll(einsum.iterationSpace()));
    for (Partition split : cascade.partitions()) {
      ranks.addAll(List.of(split.parent(), split.inner()));
    }
    return ranks;
  }

  /** Whether the rank occurs as a plain coordinate of tensors only. */
  private static boolean isPlaceOnly(RankName rank, Cascade cascade) {
    Stream<Expression> expressions =
        Stream.concat(
            cascade.scalars().values().stream(), cascade.einsums().stream().map(Einsum::value));
    return expressions.allMatch(expression -> isPlaceOnly(rank, expression))
        && cascade.einsums().stream()
            .flatMap(einsum -> einsum.condition().stream())
            .allMatch(condition -> isPlaceOnly(rank, condition))
        && cascade.einsums().stream().allMatch(e -> isPlaceOnly(rank, e.output()));
  }

  private static boolean isPlaceOnly(RankName rank, Expression expression) {
    boolean own =
        switch (expression) {
          case Expression.Literal _, Expression.ScalarRead _ -> true;
          case Expression.ShapeValue shape -> !shape.rank().equals(rank);
          case Expression.Position position -> position.index().ranks().noneMatch(rank::equals);
          case Expression.Read read -> isPlaceOnly(rank, read.access());
          case Expression.Unary _, Expression.Binary _, Expression.Parameter _ -> true;
          case Expression.Apply apply -> isPlaceOnly(rank, apply.function().body());
          case Expression.Select select -> isPlaceOnly(rank, select.condition());
        };
    return own && expression.children().stream().allMatch(child -> isPlaceOnly(rank, child));
  }

  private static boolean isPlaceOnly(RankName rank, Access access) {
    return access.indices().stream()
        .allMatch(
            index ->
                switch (index) {
                  case Index.Coordinate _, Index.Fixed _ -> true;
                  case Index.Gathered gathered -> isPlaceOnly(rank, gathered.access());
                  case Index.HeadMap map -> !map.rank().equals(rank) && !map.target().equals(rank);
                  case Index.Joined _, Index.Next _, Index.Affine _, Index.Computed _ ->
                      index.ranks().noneMatch(rank::equals);
                  case Index.Last last -> !last.rank().equals(rank);
                });
  }

  private static boolean isPlaceOnly(RankName rank, Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> isPlaceOnly(rank, c.left()) && isPlaceOnly(rank, c.right());
      case Condition.All all -> all.parts().stream().allMatch(part -> isPlaceOnly(rank, part));
      case Condition.Any any -> any.parts().stream().allMatch(part -> isPlaceOnly(rank, part));
      case Condition.Not not -> isPlaceOnly(rank, not.part());
    };
  }

  private static boolean isPlaceOnly(RankName rank, Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of ->
          of.index() instanceof Index.Gathered gathered
              ? isPlaceOnly(rank, gathered.access())
              : of.index().ranks().noneMatch(rank::equals);
      case Quantity.OfShape of -> !of.rank().equals(rank);
      case Quantity.OfNumber _, Quantity.OfScalar _ -> true;
      case Quantity.Combined c -> isPlaceOnly(rank, c.left()) && isPlaceOnly(rank, c.right());
    };
  }

  /** The inputs of the smaller workload. */
  Map<TensorName, DenseTensor> select(Cascade cascade, Map<TensorName, DenseTensor> inputs) {
    Map<TensorName, DenseTensor> selected = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        DenseTensor whole = inputs.get(tensor.name());
        long[] shape = tensor.ranks().stream().mapToLong(shapes::of).toArray();
        DenseTensor part = new DenseTensor(shape, tensor.empty());
        Coordinates.forEach(shape, at -> part.set(whole.get(original(tensor, at)), at));
        selected.put(tensor.name(), part);
      }
    }
    return selected;
  }

  /** Where a point of a tensor of the smaller workload is in the large one. */
  long[] original(Tensor tensor, long[] coordinate) {
    List<Long> original = new ArrayList<>();
    for (int i = 0; i < coordinate.length; i++) {
      List<Long> kept = chosen.get(tensor.ranks().get(i));
      original.add(kept == null ? Long.valueOf(coordinate[i]) : kept.get((int) coordinate[i]));
    }
    return original.stream().mapToLong(Long::longValue).toArray();
  }
}
