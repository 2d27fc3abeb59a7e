package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.Map;

/**
 * Turns the right side of an Einsum into a function that hands the derivative of a result with
 * respect to the value at a point on to the elements that were read: reverse-mode differentiation.
 */
final class AdjointCompiler {

  /** Adds a derivative times those of the right side to what was read. */
  @FunctionalInterface
  interface PushAt {
    void at(ValueCompiler.Frame frame, double derivative);
  }

  private final PointCompiler points;
  private final ValueCompiler values;
  private final Map<TensorName, double[]> adjoints;

  /**
   * For a cascade.
   *
   * @param adjoints derivatives with respect to elements of those tensors that want them
   */
  AdjointCompiler(PointCompiler points, Map<TensorName, double[]> adjoints) {
    this.points = points;
    this.values = new ValueCompiler(points);
    this.adjoints = adjoints;
  }

  PushAt push(Expression expression) {
    return switch (expression) {
      case Expression.Literal _,
          Expression.ShapeValue _,
          Expression.ScalarRead _,
          Expression.Position _ ->
          (_, _) -> {};
      case Expression.Read read -> read(read.access());
      case Expression.Unary unary -> unary(unary);
      case Expression.Binary binary -> binary(binary);
      case Expression.Apply apply -> push(apply.inlined());
      case Expression.Parameter parameter ->
          throw new IllegalStateException("a parameter outside its function: " + parameter);
      case Expression.Select select -> {
        PointCompiler.HoldsAt condition = points.condition(select.condition());
        PushAt then = push(select.then());
        PushAt otherwise = push(select.otherwise());
        yield (frame, derivative) ->
            (condition.at(frame.point) ? then : otherwise).at(frame, derivative);
      }
    };
  }

  private PushAt read(Access access) {
    double[] adjoint = adjoints.get(access.tensor());
    if (adjoint == null) {
      return (_, _) -> {};
    }
    PointCompiler.PlaceAt place = points.place(access);
    return (frame, derivative) -> {
      int at = place.at(frame.point);
      if (at >= 0) {
        adjoint[at] += derivative;
      }
    };
  }

  private PushAt unary(Expression.Unary unary) {
    ValueCompiler.ValueAt operand = values.value(unary.operand());
    PushAt push = push(unary.operand());
    UnaryOperator operator = unary.operator();
    return (frame, derivative) -> {
      double own = derivative * Derivatives.of(operator, operand.at(frame));
      if (own != 0) {
        push.at(frame, own);
      }
    };
  }

  private PushAt binary(Expression.Binary binary) {
    ValueCompiler.ValueAt left = values.value(binary.left());
    ValueCompiler.ValueAt right = values.value(binary.right());
    PushAt pushLeft = push(binary.left());
    PushAt pushRight = push(binary.right());
    BinaryOperator operator = binary.operator();
    return (frame, derivative) -> {
      double a = left.at(frame);
      boolean isLeft = frame.isPresent;
      double b = right.at(frame);
      if (!binary.merge().touches(isLeft, frame.isPresent)) {
        return;
      }
      double ofLeft = derivative * Derivatives.left(operator, a, b);
      double ofRight = derivative * Derivatives.right(operator, a, b);
      if (ofLeft != 0) {
        pushLeft.at(frame, ofLeft);
      }
      if (ofRight != 0) {
        pushRight.at(frame, ofRight);
      }
    };
  }
}
