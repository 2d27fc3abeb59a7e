package dev.weir.einsum.eval;

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

/** Evaluates indices, conditions and right sides at one point of an iteration space. */
final class PointEvaluator {

  /** A value, or what an absent one counts as. */
  private record Value(boolean present, double number) {}

  /** Where values of tensors come from. */
  @FunctionalInterface
  interface Source {
    double get(TensorName tensor, long[] coordinates);
  }

  private final Cascade cascade;
  private final Shapes shapes;
  private final Map<TensorName, DenseTensor> tensors;
  private final Source source;
  private final Arithmetic arithmetic;
  private final Map<RankName, Long> point = new HashMap<>();

  PointEvaluator(
      Cascade cascade,
      Shapes shapes,
      Map<TensorName, DenseTensor> tensors,
      Source source,
      Arithmetic arithmetic) {
    this.arithmetic = arithmetic;
    this.source = source;
    this.cascade = cascade;
    this.shapes = shapes;
    this.tensors = tensors;
  }

  void moveTo(RankName rank, long coordinate) {
    point.put(rank, coordinate);
  }

  long coordinate(RankName rank) {
    Long coordinate = point.get(rank);
    if (coordinate == null) {
      throw new IllegalStateException("rank variable " + rank.variable() + " is not bound here");
    }
    return coordinate;
  }

  long[] coordinates(Access access) {
    return access.indices().stream().mapToLong(this::index).toArray();
  }

  /** Value of a right side, which may be NaN; nothing when it is absent. */
  OptionalDouble evaluate(Expression expression) {
    Value value = value(expression);
    return value.present() ? OptionalDouble.of(value.number()) : OptionalDouble.empty();
  }

  boolean holds(Condition condition) {
    return switch (condition) {
      case Condition.Compare c -> c.comparison().holds(quantity(c.left()), quantity(c.right()));
      case Condition.All all -> all.parts().stream().allMatch(this::holds);
      case Condition.Any any -> any.parts().stream().anyMatch(this::holds);
      case Condition.Not not -> !holds(not.part());
    };
  }

  private Value value(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> new Value(true, arithmetic.constant(literal.value()));
      case Expression.ShapeValue shape ->
          new Value(true, arithmetic.constant((double) shapes.of(shape.rank())));
      case Expression.Position position ->
          new Value(true, arithmetic.constant((double) index(position.index())));
      case Expression.ScalarRead read -> scalarValue(read.scalar());
      case Expression.Read read -> read(read.access());
      case Expression.Unary unary ->
          new Value(true, arithmetic.apply(unary.operator(), value(unary.operand()).number()));
      case Expression.Binary binary -> binary(binary);
      case Expression.Apply apply -> value(apply.inlined());
      case Expression.Parameter parameter -> throw new IllegalStateException(parameter.name());
      case Expression.Select select ->
          value(holds(select.condition()) ? select.then() : select.otherwise());
    };
  }

  private Value binary(Expression.Binary binary) {
    Value left = value(binary.left());
    Value right = value(binary.right());
    if (!binary.merge().touches(left.present(), right.present())) {
      return new Value(false, 0);
    }
    return new Value(true, arithmetic.apply(binary.operator(), left.number(), right.number()));
  }

  private Value read(Access access) {
    DenseTensor tensor = tensor(access.tensor());
    double number = source.get(access.tensor(), coordinates(access));
    return new Value(number != tensor.empty(), number);
  }

  /** Scalars are computed beforehand, in double precision. */
  private Value scalarValue(TensorName name) {
    PointEvaluator exact = new PointEvaluator(cascade, shapes, tensors, source, Arithmetic.DOUBLE);
    return new Value(true, arithmetic.constant(exact.value(scalar(name)).number()));
  }

  private Expression scalar(TensorName name) {
    Expression definition = cascade.scalars().get(name);
    if (definition == null) {
      throw new IllegalArgumentException("scalar " + name + " is not defined");
    }
    return definition;
  }

  private DenseTensor tensor(TensorName name) {
    DenseTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("tensor " + name + " has no values yet");
    }
    return tensor;
  }

  private long index(Index index) {
    return switch (index) {
      case Index.Coordinate c -> coordinate(c.rank());
      case Index.Joined j -> coordinate(j.outer()) * shapes.of(j.inner()) + coordinate(j.inner());
      case Index.Next n -> coordinate(n.rank()) + 1;
      case Index.Last l -> shapes.of(l.rank());
      case Index.Fixed f -> f.coordinate();
      case Index.Affine a ->
          a.offset()
              + a.terms().stream().mapToLong(t -> t.coefficient() * coordinate(t.rank())).sum();
      case Index.HeadMap h -> coordinate(h.rank()) * shapes.of(h.target()) / shapes.of(h.rank());
      case Index.Computed c -> floor(quantity(c.quantity()));
      case Index.Gathered g -> floor(source.get(g.access().tensor(), coordinates(g.access())));
    };
  }

  /** What is no number is outside of everything. */
  private static long floor(double number) {
    return Double.isNaN(number) ? -1 : (long) Math.floor(number);
  }

  double quantity(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex(Index.Gathered g) ->
          source.get(g.access().tensor(), coordinates(g.access()));
      case Quantity.OfIndex of -> (double) index(of.index());
      case Quantity.OfShape of -> (double) shapes.of(of.rank());
      case Quantity.OfNumber of -> of.value();
      case Quantity.OfScalar of -> value(scalar(of.scalar())).number();
      case Quantity.Combined c -> c.operator().apply(quantity(c.left()), quantity(c.right()));
    };
  }
}
