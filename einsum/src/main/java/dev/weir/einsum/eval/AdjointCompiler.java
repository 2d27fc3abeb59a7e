package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.Map;

/**
 * Turns the right side of an Einsum into a function that hands the derivatives of several results
 * with respect to the value at a point on to the elements that were read: reverse-mode
 * differentiation. What an operation does to a derivative is worked out once for all results.
 */
final class AdjointCompiler {

  /**
   * Adds the results' derivatives, times that of the right side with respect to this part of it, to
   * those of what was read.
   */
  @FunctionalInterface
  interface PushAt {
    void at(ValueCompiler.Frame frame, double derivative);
  }

  /** The results' derivatives with respect to the value whose right side is gone through. */
  private final double[] results;

  private final PointCompiler points;
  private final ValueCompiler values;
  private final Map<TensorName, double[]> adjoints;

  /**
   * For a cascade.
   *
   * @param adjoints derivatives with respect to elements of those tensors that want them, of all
   *     results an element
   * @param results where the derivatives with respect to an Einsum's value will be
   */
  AdjointCompiler(PointCompiler points, Map<TensorName, double[]> adjoints, double[] results) {
    this.results = results;
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
    int count = results.length;
    return (frame, derivative) -> {
      int at = place.at(frame.point);
      if (at < 0) {
        return;
      }
      int from = at * count;
      if (Double.isFinite(derivative)) {
        for (int i = 0; i < count; i++) {
          adjoint[from + i] += derivative * results[i];
        }
      } else {
        addWhereNotZero(adjoint, from, derivative);
      }
    };
  }

  /** A result that does not depend on a value has nothing to do with its derivatives. */
  private void addWhereNotZero(double[] adjoint, int from, double derivative) {
    for (int i = 0; i < results.length; i++) {
      if (results[i] != 0) {
        adjoint[from + i] += derivative * results[i];
      }
    }
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
