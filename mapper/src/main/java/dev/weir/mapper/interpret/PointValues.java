package dev.weir.mapper.interpret;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Right sides, indices and conditions of a cascade at one point (ADR 1: what is absent). */
final class PointValues {

  /** A value, or the number that an absent one counts as. */
  private record Value(boolean present, double number) {

    static Value of(double number) {
      return new Value(true, number);
    }
  }

  private static final Value ABSENT = new Value(false, 0);

  private final Cascade cascade;
  private final Shapes shapes;
  private final Map<TensorName, Cells> tensors;
  private final Map<RankName, Long> point = new HashMap<>();

  PointValues(Cascade cascade, Shapes shapes, Map<TensorName, Cells> tensors) {
    this.cascade = cascade;
    this.shapes = shapes;
    this.tensors = tensors;
  }

  void move(RankName rank, long coordinate) {
    point.put(rank, coordinate);
  }

  /** The right side's value, or nothing when it is absent here. */
  OptionalDouble of(Expression expression) {
    Value value = evaluate(expression);
    return value.present ? OptionalDouble.of(value.number) : OptionalDouble.empty();
  }

  /** Where an access points. */
  long[] at(Access access) {
    long[] coordinate = new long[access.indices().size()];
    for (int i = 0; i < coordinate.length; i++) {
      coordinate[i] = at(access.indices().get(i));
    }
    return coordinate;
  }

  boolean holds(Condition condition) {
    return switch (condition) {
      case Condition.Compare compare ->
          compare.comparison().holds(number(compare.left()), number(compare.right()));
      case Condition.All all -> all.parts().stream().allMatch(this::holds);
      case Condition.Any any -> any.parts().stream().anyMatch(this::holds);
      case Condition.Not not -> !holds(not.part());
    };
  }

  private Value evaluate(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> Value.of(literal.value());
      case Expression.ShapeValue shape -> Value.of((double) shapes.of(shape.rank()));
      case Expression.Position position -> Value.of((double) at(position.index()));
      case Expression.ScalarRead scalar -> evaluate(cascade.scalars().get(scalar.scalar()));
      case Expression.Read read -> read(read.access());
      case Expression.Unary unary ->
          Value.of(unary.operator().apply(evaluate(unary.operand()).number));
      case Expression.Binary binary -> binary(binary);
      case Expression.Apply apply -> evaluate(apply.inlined());
      case Expression.Parameter parameter ->
          throw new IllegalStateException("a parameter outside its function: " + parameter);
      case Expression.Select select ->
          evaluate(holds(select.condition()) ? select.then() : select.otherwise());
    };
  }

  private Value read(Access access) {
    Cells cells = tensors.get(access.tensor());
    double number = cells.get(at(access));
    return new Value(number != cells.empty(), number);
  }

  private Value binary(Expression.Binary binary) {
    Value left = evaluate(binary.left());
    Value right = evaluate(binary.right());
    return binary.merge().touches(left.present, right.present)
        ? Value.of(binary.operator().apply(left.number, right.number))
        : ABSENT;
  }

  private long at(Index index) {
    return switch (index) {
      case Index.Coordinate c -> point.get(c.rank());
      case Index.Joined j -> point.get(j.outer()) * shapes.of(j.inner()) + point.get(j.inner());
      case Index.Next n -> point.get(n.rank()) + 1;
      case Index.Last l -> shapes.of(l.rank());
      case Index.Fixed f -> f.coordinate();
      case Index.Affine a -> {
        long sum = a.offset();
        for (Index.Term term : a.terms()) {
          sum += term.coefficient() * point.get(term.rank());
        }
        yield sum;
      }
      case Index.HeadMap h ->
          Math.floorDiv(point.get(h.rank()) * shapes.of(h.target()), shapes.of(h.rank()));
      case Index.Computed c -> Quantity.coordinate(number(c.quantity()));
      case Index.Gathered g ->
          Quantity.coordinate(tensors.get(g.access().tensor()).get(at(g.access())));
    };
  }

  /** Of a rank, where the point is. */
  long coordinate(RankName rank) {
    return point.get(rank);
  }

  double number(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex(Index.Gathered g) ->
          tensors.get(g.access().tensor()).get(at(g.access()));
      case Quantity.OfIndex of -> (double) at(of.index());
      case Quantity.OfShape of -> (double) shapes.of(of.rank());
      case Quantity.OfNumber of -> of.value();
      case Quantity.OfScalar of -> evaluate(cascade.scalars().get(of.scalar())).number;
      case Quantity.Combined combined ->
          combined.operator().apply(number(combined.left()), number(combined.right()));
    };
  }
}
