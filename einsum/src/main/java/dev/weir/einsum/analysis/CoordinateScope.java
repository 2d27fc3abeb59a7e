package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The iteration space of an Einsum as variables, and what indices and conditions say of them. */
final class CoordinateScope {

  private final Einsum einsum;
  private final Map<RankName, CoordinateVariable> variables = new LinkedHashMap<>();
  private final List<Partition> partitions;
  private final Shapes shapes;

  CoordinateScope(Einsum einsum, List<Partition> partitions, Shapes shapes) {
    this.einsum = einsum;
    this.shapes = shapes;
    this.partitions = partitions;
    for (RankName rank : einsum.iterationSpace()) {
      variables.put(rank, new CoordinateVariable(rank.text(), shapes.of(rank)));
    }
  }

  /** Whose iteration space it is. */
  Einsum einsum() {
    return einsum;
  }

  Collection<CoordinateVariable> variables() {
    return variables.values();
  }

  /** Points that exist: the last step of a partitioned rank may be shorter. */
  CoordinateFormula points() {
    List<CoordinateFormula> parts = new ArrayList<>();
    for (Partition split : partitions) {
      if (variables.keySet().containsAll(Set.of(split.outer(), split.inner()))) {
        parts.add(CoordinateFormula.atMostZero(joined(split).plus(1 - shapes.of(split.parent()))));
      }
    }
    return CoordinateFormula.all(parts);
  }

  private CoordinateSum joined(Partition split) {
    return coordinate(split.outer())
        .times(shapes.of(split.inner()))
        .plus(coordinate(split.inner()));
  }

  private CoordinateSum coordinate(RankName rank) {
    return CoordinateSum.of(variables.get(rank));
  }

  /** What an index is; nothing where tables or numbers that are not whole decide it. */
  Optional<CoordinateSum> sum(Index index) {
    return switch (index) {
      case Index.Coordinate c -> Optional.of(coordinate(c.rank()));
      case Index.Joined j -> Optional.of(joined(new Partition(j.parent(), j.outer(), j.inner())));
      case Index.Next n -> Optional.of(coordinate(n.rank()).plus(1));
      case Index.Last l -> Optional.of(CoordinateSum.of(shapes.of(l.rank())));
      case Index.Fixed f -> Optional.of(CoordinateSum.of(f.coordinate()));
      case Index.Affine a -> {
        CoordinateSum sum = CoordinateSum.of(a.offset());
        for (Index.Term term : a.terms()) {
          sum = sum.plus(coordinate(term.rank()).times(term.coefficient()));
        }
        yield Optional.of(sum);
      }
      case Index.HeadMap h ->
          Optional.of(
              coordinate(h.rank()).times(shapes.of(h.target())).quotient(shapes.of(h.rank())));
      case Index.Computed c -> sum(c.quantity());
      case Index.Gathered _ -> Optional.empty();
    };
  }

  /** What a quantity is; nothing where tables or numbers that are not whole decide it. */
  Optional<CoordinateSum> sum(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> sum(of.index());
      case Quantity.OfShape of -> Optional.of(CoordinateSum.of(shapes.of(of.rank())));
      case Quantity.OfNumber _, Quantity.OfScalar _ -> Optional.empty();
      case Quantity.Combined c ->
          sum(c.left())
              .flatMap(left -> sum(c.right()).flatMap(right -> left.combined(c.operator(), right)));
    };
  }

  /**
   * Where a condition holds.
   *
   * @param unknown what a comparison counts as that coordinates and shapes alone do not decide
   */
  CoordinateFormula formula(Condition condition, boolean unknown) {
    return switch (condition) {
      case Condition.Compare c -> compare(c, unknown);
      case Condition.All all ->
          CoordinateFormula.all(all.parts().stream().map(part -> formula(part, unknown)).toList());
      case Condition.Any any ->
          CoordinateFormula.any(any.parts().stream().map(part -> formula(part, unknown)).toList());
      case Condition.Not not -> formula(not.part(), !unknown).not();
    };
  }

  private CoordinateFormula compare(Condition.Compare compare, boolean unknown) {
    Optional<CoordinateSum> left = sum(compare.left());
    Optional<CoordinateSum> right = sum(compare.right());
    if (left.isEmpty() || right.isEmpty()) {
      return new CoordinateFormula.Constant(unknown);
    }
    CoordinateSum difference = left.get().minus(right.get());
    return switch (compare.comparison()) {
      case LESS -> CoordinateFormula.atMostZero(difference.plus(1));
      case LESS_OR_EQUAL -> CoordinateFormula.atMostZero(difference);
      case GREATER -> CoordinateFormula.atMostZero(difference.times(-1).plus(1));
      case GREATER_OR_EQUAL -> CoordinateFormula.atMostZero(difference.times(-1));
      case EQUAL -> CoordinateFormula.equalToZero(difference);
      case NOT_EQUAL -> CoordinateFormula.equalToZero(difference).not();
    };
  }

  /**
   * Elements of a tensor that an access names at some point of a formula.
   *
   * @param axes a variable for each rank of the tensor
   * @param unknown true for elements among which these are, false for some of these
   */
  CoordinateFormula elements(
      Access access, List<CoordinateVariable> axes, CoordinateFormula formula, boolean unknown) {
    Map<CoordinateVariable, CoordinateSum> given = new HashMap<>();
    List<CoordinateFormula> parts = new ArrayList<>();
    for (int at = 0; at < axes.size(); at++) {
      Index index = access.indices().get(at);
      CoordinateSum axis = CoordinateSum.of(axes.get(at));
      if (give(index, axis, given)) {
        parts.add(CoordinateFormula.within(axis, elementsAlong(index)));
      } else {
        parts.add(
            sum(index)
                .map(sum -> CoordinateFormula.equalToZero(sum.minus(axis)))
                .orElse(new CoordinateFormula.Constant(unknown)));
      }
    }
    parts.add(formula);
    List<CoordinateVariable> left = new ArrayList<>(variables.values());
    left.removeAll(given.keySet());
    return Projection.exists(left, CoordinateFormula.all(parts).with(given, unknown), unknown);
  }

  /** Where an index by itself decides its variables, they are had without solving for them. */
  private boolean give(
      Index index, CoordinateSum axis, Map<CoordinateVariable, CoordinateSum> given) {
    if (index instanceof Index.Coordinate(RankName rank)) {
      return given.putIfAbsent(variables.get(rank), axis) == null;
    }
    if (index instanceof Index.Joined joined) {
      CoordinateVariable outer = variables.get(joined.outer());
      CoordinateVariable inner = variables.get(joined.inner());
      if (given.containsKey(outer) || given.containsKey(inner)) {
        return false;
      }
      CoordinateSum step = axis.quotient(inner.shape());
      given.put(outer, step);
      given.put(inner, axis.minus(step.times(inner.shape())));
      return true;
    }
    return false;
  }

  private long elementsAlong(Index index) {
    return index instanceof Index.Joined joined
        ? shapes.of(joined.parent())
        : index.ranks().mapToLong(shapes::of).findFirst().orElseThrow();
  }
}
