package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Counts the coordinates at which a condition without tables holds. The last variable is not tried
 * coordinate by coordinate where the condition is a conjunction of comparisons affine in it: there
 * it holds on an interval.
 */
final class CoordinateCondition {

  /** A closed interval of coordinates; empty when the end lies before the start. */
  private record Interval(long from, long to) {

    Interval and(Interval other) {
      return new Interval(Math.max(from, other.from), Math.min(to, other.to));
    }

    long size() {
      return Math.max(0, to - from + 1);
    }
  }

  /** A coordinate to try: of a rank, or of both parts of a partition put together. */
  private record Variable(RankName rank, Optional<Partition> inner, long shape) {}

  private final Condition condition;
  private final Shapes shapes;
  private final List<Variable> variables;
  private final Map<RankName, Long> point = new HashMap<>();
  private final boolean lastIsAffine;

  CoordinateCondition(
      Condition condition, Set<RankName> ranks, List<Partition> partitions, Shapes shapes) {
    this.condition = condition;
    this.shapes = shapes;
    this.variables = variables(ranks, partitions);
    this.lastIsAffine = variables.isEmpty() || isIntervalIn(condition, variables.getLast().rank());
  }

  /** How often the condition is evaluated. */
  long tries() {
    long tries = 1;
    for (Variable variable : variables.subList(0, Math.max(0, variables.size() - 1))) {
      tries = saturatingProduct(tries, variable.shape());
    }
    return lastIsAffine ? tries : saturatingProduct(tries, variables.getLast().shape());
  }

  long count() {
    return count(0);
  }

  private static long saturatingProduct(long left, long right) {
    return Math.multiplyHigh(left, right) != 0 || left * right < 0 ? Long.MAX_VALUE : left * right;
  }

  private List<Variable> variables(Set<RankName> ranks, List<Partition> partitions) {
    List<Variable> found = new ArrayList<>();
    List<RankName> left = new ArrayList<>(ranks);
    List<Variable> dependent = new ArrayList<>();
    for (Partition split : partitions) {
      List<RankName> parts = List.of(split.outer(), split.inner());
      if (!ranks.containsAll(parts)) {
        continue;
      }
      left.remove(split.inner());
      if (ranks.contains(split.parent()) || readsPartsAlone(condition, split)) {
        dependent.add(new Variable(split.inner(), Optional.of(split), shapes.of(split.inner())));
      } else {
        left.remove(split.outer());
        found.add(new Variable(split.parent(), Optional.empty(), shapes.of(split.parent())));
      }
    }
    left.forEach(rank -> found.add(new Variable(rank, Optional.empty(), shapes.of(rank))));
    found.sort(Comparator.comparingLong(Variable::shape).thenComparing(Variable::rank));
    found.addAll(dependent);
    return found;
  }

  private long count(int depth) {
    if (depth == variables.size()) {
      return holds(condition) ? 1 : 0;
    }
    Variable variable = variables.get(depth);
    long shape =
        variable
            .inner()
            .map(split -> shapes.innerShape(split, point.get(split.outer())))
            .orElse(variable.shape());
    if (depth == variables.size() - 1 && lastIsAffine) {
      return interval(condition, variable.rank()).and(new Interval(0, shape - 1)).size();
    }
    long count = 0;
    for (long coordinate = 0; coordinate < shape; coordinate++) {
      point.put(variable.rank(), coordinate);
      count += count(depth + 1);
    }
    return count;
  }

  private static boolean readsPartsAlone(Condition condition, Partition split) {
    return switch (condition) {
      case Condition.Compare c ->
          readsPartsAlone(c.left(), split) || readsPartsAlone(c.right(), split);
      case Condition.All all -> all.parts().stream().anyMatch(c -> readsPartsAlone(c, split));
      case Condition.Any any -> any.parts().stream().anyMatch(c -> readsPartsAlone(c, split));
      case Condition.Not not -> readsPartsAlone(not.part(), split);
    };
  }

  private static boolean readsPartsAlone(Quantity quantity, Partition split) {
    return switch (quantity) {
      case Quantity.OfIndex of -> readsPartsAlone(of.index(), split);
      case Quantity.OfShape _, Quantity.OfNumber _, Quantity.OfScalar _ -> false;
      case Quantity.Combined c ->
          readsPartsAlone(c.left(), split) || readsPartsAlone(c.right(), split);
    };
  }

  private static boolean readsPartsAlone(Index index, Partition split) {
    return switch (index) {
      case Index.Joined joined ->
          !joined.parent().equals(split.parent())
              && index.ranks().anyMatch(List.of(split.outer(), split.inner())::contains);
      case Index.Computed c -> readsPartsAlone(c.quantity(), split);
      case Index.Coordinate _,
          Index.Next _,
          Index.Last _,
          Index.Fixed _,
          Index.Affine _,
          Index.HeadMap _,
          Index.Gathered _ ->
          index.ranks().anyMatch(List.of(split.outer(), split.inner())::contains);
    };
  }

  private static boolean isIntervalIn(Condition condition, RankName rank) {
    return switch (condition) {
      case Condition.Compare c ->
          c.comparison() != Condition.Comparison.NOT_EQUAL
              && c.left().isAffineIn(rank)
              && c.right().isAffineIn(rank);
      case Condition.All all -> all.parts().stream().allMatch(part -> isIntervalIn(part, rank));
      case Condition.Any any ->
          any.parts().size() == 1 && isIntervalIn(any.parts().getFirst(), rank);
      case Condition.Not _ -> false;
    };
  }

  private Interval interval(Condition condition, RankName rank) {
    return switch (condition) {
      case Condition.Compare compare -> interval(compare, rank);
      case Condition.All all ->
          all.parts().stream()
              .map(part -> interval(part, rank))
              .reduce(new Interval(Long.MIN_VALUE, Long.MAX_VALUE), Interval::and);
      case Condition.Any any -> interval(any.parts().getFirst(), rank);
      case Condition.Not _ -> throw new IllegalStateException("a negation is no interval");
    };
  }

  /** Where {@code slope * x + start} stands in the relation to 0. */
  private Interval interval(Condition.Compare compare, RankName rank) {
    long start = difference(compare, rank, 0);
    long slope = difference(compare, rank, 1) - start;
    Interval all = new Interval(Long.MIN_VALUE, Long.MAX_VALUE);
    return switch (compare.comparison()) {
      case LESS -> atMost(slope, -1 - start);
      case LESS_OR_EQUAL -> atMost(slope, -start);
      case GREATER -> atMost(-slope, start - 1);
      case GREATER_OR_EQUAL -> atMost(-slope, start);
      case EQUAL -> atMost(slope, -start).and(atMost(-slope, start)).and(all);
      case NOT_EQUAL -> throw new IllegalStateException("an inequality is no interval");
    };
  }

  private static Interval atMost(long slope, long bound) {
    if (slope == 0) {
      return new Interval(bound >= 0 ? Long.MIN_VALUE : Long.MAX_VALUE, Long.MAX_VALUE - 1);
    }
    return slope > 0
        ? new Interval(Long.MIN_VALUE, Math.floorDiv(bound, slope))
        : new Interval(Math.ceilDiv(bound, slope), Long.MAX_VALUE);
  }

  private long difference(Condition.Compare compare, RankName rank, long coordinate) {
    point.put(rank, coordinate);
    return quantity(compare.left()) - quantity(compare.right());
  }

  private boolean holds(Condition part) {
    return switch (part) {
      case Condition.Compare c -> c.comparison().holds(quantity(c.left()), quantity(c.right()));
      case Condition.All all -> all.parts().stream().allMatch(this::holds);
      case Condition.Any any -> any.parts().stream().anyMatch(this::holds);
      case Condition.Not not -> !holds(not.part());
    };
  }

  private long quantity(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> index(of.index());
      case Quantity.OfShape of -> shapes.of(of.rank());
      case Quantity.OfNumber _, Quantity.OfScalar _ ->
          throw new IllegalStateException("not whole: " + quantity);
      case Quantity.Combined c -> c.operator().apply(quantity(c.left()), quantity(c.right()));
    };
  }

  private long index(Index index) {
    return switch (index) {
      case Index.Coordinate c -> point.get(c.rank());
      case Index.Joined j ->
          point.containsKey(j.outer())
              ? point.get(j.outer()) * shapes.of(j.inner()) + point.get(j.inner())
              : point.get(j.parent());
      case Index.Next n -> point.get(n.rank()) + 1;
      case Index.Last l -> shapes.of(l.rank());
      case Index.Fixed f -> f.coordinate();
      case Index.Affine a ->
          a.offset()
              + a.terms().stream().mapToLong(t -> t.coefficient() * point.get(t.rank())).sum();
      case Index.HeadMap h -> point.get(h.rank()) * shapes.of(h.target()) / shapes.of(h.rank());
      case Index.Computed c -> quantity(c.quantity());
      case Index.Gathered _ -> throw new IllegalStateException("a table has no values here");
    };
  }
}
