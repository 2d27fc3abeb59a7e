package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Condition.Comparison;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a condition can hold anywhere in the ranges of a place, from bounds of what it compares.
 * Comparisons of sums of coordinates are decided exactly; where bounds are unknown, it may hold.
 */
final class Possibility {

  private final Bounds bounds;

  Possibility(Facts facts, IndexLowering indices) {
    this.bounds = new Bounds(facts, indices);
  }

  /** A scalar mask; nothing when it cannot be excluded. */
  Optional<Value> of(Condition condition, Scope scope, NodePath where) {
    return switch (condition) {
      case Condition.Compare c -> compare(c.left(), c.comparison(), c.right(), scope, where);
      case Condition.All all ->
          Arithmetic.all(
              all.parts().stream().flatMap(part -> of(part, scope, where).stream()).toList());
      case Condition.Any any -> {
        List<Optional<Value>> parts = new ArrayList<>();
        any.parts().forEach(part -> parts.add(of(part, scope, where)));
        yield parts.stream().allMatch(Optional::isPresent)
            ? parts.stream().map(Optional::get).reduce(Arithmetic::or)
            : Optional.empty();
      }
      case Condition.Not not -> negated(not.part(), scope, where);
    };
  }

  /** A scalar mask of where it holds throughout; nothing when that is not known. */
  Optional<Value> throughout(Condition condition, Scope scope, NodePath where) {
    return negated(condition, scope, where).map(Value.Not::new);
  }

  private Optional<Value> negated(Condition condition, Scope scope, NodePath where) {
    return switch (condition) {
      case Condition.Compare c ->
          compare(c.left(), c.comparison().opposite(), c.right(), scope, where);
      case Condition.All all -> of(new Condition.Any(negated(all.parts())), scope, where);
      case Condition.Any any -> of(new Condition.All(negated(any.parts())), scope, where);
      case Condition.Not not -> of(not.part(), scope, where);
    };
  }

  private static List<Condition> negated(List<Condition> parts) {
    return parts.stream().<Condition>map(Condition.Not::new).toList();
  }

  private Optional<Value> compare(
      Quantity left, Comparison comparison, Quantity right, Scope scope, NodePath where) {
    Quantity difference = new Quantity.Combined(left, Quantity.Arithmetic.SUBTRACT, right);
    Optional<Bounds.Interval> apart = bounds.ofSum(difference, scope);
    if (apart.isPresent()) {
      Value zero = new Value.Whole(0);
      return compare(apart.get(), comparison, new Bounds.Interval(zero, zero));
    }
    Optional<Bounds.Interval> l = bounds.of(left, scope, where);
    Optional<Bounds.Interval> r = bounds.of(right, scope, where);
    return l.isPresent() && r.isPresent()
        ? compare(l.get(), comparison, r.get())
        : Optional.empty();
  }

  private static Optional<Value> compare(
      Bounds.Interval l, Comparison comparison, Bounds.Interval r) {
    return Optional.of(
        switch (comparison) {
          case LESS -> Arithmetic.infix(Operator.LESS, l.low(), r.high());
          case LESS_OR_EQUAL -> Arithmetic.infix(Operator.LESS_OR_EQUAL, l.low(), r.high());
          case GREATER -> Arithmetic.infix(Operator.GREATER, l.high(), r.low());
          case GREATER_OR_EQUAL -> Arithmetic.infix(Operator.GREATER_OR_EQUAL, l.high(), r.low());
          case EQUAL ->
              Arithmetic.and(
                  Arithmetic.infix(Operator.LESS_OR_EQUAL, l.low(), r.high()),
                  Arithmetic.infix(Operator.GREATER_OR_EQUAL, l.high(), r.low()));
          case NOT_EQUAL ->
              Arithmetic.or(
                  Arithmetic.infix(Operator.NOT_EQUAL, l.low(), r.high()),
                  Arithmetic.infix(Operator.NOT_EQUAL, l.high(), r.low()));
        });
  }

  /** The coordinate of a rank at and beyond which a condition fails, if one follows from it. */
  Optional<Value> end(Condition condition, RankName rank, Scope scope, NodePath where) {
    return switch (condition) {
      case Condition.Compare c -> end(c, rank, scope, where);
      case Condition.All all ->
          all.parts().stream()
              .flatMap(part -> end(part, rank, scope, where).stream())
              .reduce((left, right) -> Arithmetic.call(Value.Function.MIN, left, right));
      case Condition.Any _, Condition.Not _ -> Optional.empty();
    };
  }

  private Optional<Value> end(
      Condition.Compare compare, RankName rank, Scope scope, NodePath where) {
    return switch (compare.comparison()) {
      case LESS -> end(compare.left(), compare.right(), 0, rank, scope, where);
      case LESS_OR_EQUAL -> end(compare.left(), compare.right(), 1, rank, scope, where);
      case GREATER -> end(compare.right(), compare.left(), 0, rank, scope, where);
      case GREATER_OR_EQUAL -> end(compare.right(), compare.left(), 1, rank, scope, where);
      case EQUAL, NOT_EQUAL -> Optional.empty();
    };
  }

  /** Of {@code small < large}, with what is added when they may be equal. */
  private Optional<Value> end(
      Quantity small, Quantity large, long more, RankName rank, Scope scope, NodePath where) {
    Optional<Bounds.Sum> sum = bounds.sum(small);
    if (sum.isEmpty() || sum.get().coefficient(rank) != 1 || large.reads(rank)) {
      return Optional.empty();
    }
    return bounds
        .of(large, scope, where)
        .map(
            limit ->
                Arithmetic.subtract(
                    Arithmetic.add(limit.high(), new Value.Whole(more)),
                    bounds.of(sum.get().without(rank), scope).low()));
  }
}
