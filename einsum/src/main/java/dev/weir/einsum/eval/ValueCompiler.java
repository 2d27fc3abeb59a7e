package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.TensorName;

/** Turns the right side of an Einsum into a function of a point. */
final class ValueCompiler {

  /** The point, and whether the value computed last is present. */
  static final class Frame {
    final long[] point;
    boolean isPresent;

    Frame(long[] point) {
      this.point = point;
    }
  }

  /** A value at a point, with its presence left in the frame; what an absent one counts as. */
  @FunctionalInterface
  interface ValueAt {
    double at(Frame frame);
  }

  private final PointCompiler points;

  ValueCompiler(PointCompiler points) {
    this.points = points;
  }

  ValueAt value(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> constant(literal.value());
      case Expression.ShapeValue shape -> constant((double) points.shapes().of(shape.rank()));
      case Expression.Position position -> {
        PointCompiler.IntegerAt index = points.index(position.index());
        yield frame -> present(frame, (double) index.at(frame.point));
      }
      case Expression.ScalarRead read -> constant(scalar(read.scalar()));
      case Expression.Read read -> read(read.access());
      case Expression.Unary unary -> {
        ValueAt operand = value(unary.operand());
        yield frame -> present(frame, unary.operator().apply(operand.at(frame)));
      }
      case Expression.Binary binary -> binary(binary);
      case Expression.Apply apply -> value(apply.inlined());
      case Expression.Parameter parameter ->
          throw new IllegalStateException("a parameter outside its function: " + parameter);
      case Expression.Select select -> {
        PointCompiler.HoldsAt condition = points.condition(select.condition());
        ValueAt then = value(select.then());
        ValueAt otherwise = value(select.otherwise());
        yield frame -> (condition.at(frame.point) ? then : otherwise).at(frame);
      }
    };
  }

  /** Value of a scalar, which depends on shapes only. */
  double scalar(TensorName name) {
    Expression definition = points.cascade().scalars().get(name);
    if (definition == null) {
      throw new IllegalArgumentException("scalar " + name + " is not defined");
    }
    return value(definition).at(new Frame(points.newPoint()));
  }

  private static double present(Frame frame, double value) {
    frame.isPresent = true;
    return value;
  }

  private static ValueAt constant(double value) {
    return frame -> present(frame, value);
  }

  private ValueAt read(Access access) {
    DenseTensor tensor = points.tensor(access.tensor());
    double[] values = tensor.array();
    double empty = tensor.empty();
    PointCompiler.PlaceAt place = points.place(access);
    return frame -> {
      int at = place.at(frame.point);
      double value = at < 0 ? empty : values[at];
      frame.isPresent = value != empty;
      return value;
    };
  }

  private ValueAt binary(Expression.Binary binary) {
    ValueAt left = value(binary.left());
    ValueAt right = value(binary.right());
    MergeOperator merge = binary.merge();
    BinaryOperator operator = binary.operator();
    return frame -> {
      double a = left.at(frame);
      boolean isLeft = frame.isPresent;
      double b = right.at(frame);
      if (!merge.touches(isLeft, frame.isPresent)) {
        frame.isPresent = false;
        return 0;
      }
      frame.isPresent = true;
      return operator.apply(a, b);
    };
  }
}
