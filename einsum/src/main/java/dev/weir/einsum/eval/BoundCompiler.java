package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.Map;

/** Turns the right side of an Einsum into a function of a point that also bounds its error. */
final class BoundCompiler {

  /** The point, and presence and error of the value computed last. */
  static final class Frame {
    final long[] point;
    boolean isPresent;
    double error;

    Frame(long[] point) {
      this.point = point;
    }

    private double is(boolean present, double bound, double value) {
      isPresent = present;
      error = Double.isNaN(bound) || Double.isNaN(value) ? Double.POSITIVE_INFINITY : bound;
      return value;
    }
  }

  /** A value at a point; presence and error are left in the frame. */
  @FunctionalInterface
  interface BoundAt {
    double at(Frame frame);
  }

  private final PointCompiler points;
  private final Map<TensorName, DenseTensor> errors;
  private final Rounding rounding;

  BoundCompiler(PointCompiler points, Map<TensorName, DenseTensor> errors, Rounding rounding) {
    this.points = points;
    this.errors = errors;
    this.rounding = rounding;
  }

  BoundAt value(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> constant(literal.value());
      case Expression.ShapeValue shape -> constant((double) points.shapes().of(shape.rank()));
      case Expression.ScalarRead read -> constant(new ValueCompiler(points).scalar(read.scalar()));
      case Expression.Position position -> {
        PointCompiler.IntegerAt index = points.index(position.index());
        yield frame -> {
          double value = (double) index.at(frame.point);
          return frame.is(true, rounding.ofConstant(value), value);
        };
      }
      case Expression.Read read -> read(read.access());
      case Expression.Unary unary -> unary(unary);
      case Expression.Binary binary -> binary(binary);
      case Expression.Apply apply -> value(apply.inlined());
      case Expression.Parameter parameter ->
          throw new IllegalStateException("a parameter outside its function: " + parameter);
      case Expression.Select select -> {
        PointCompiler.HoldsAt condition = points.condition(select.condition());
        BoundAt then = value(select.then());
        BoundAt otherwise = value(select.otherwise());
        yield frame -> (condition.at(frame.point) ? then : otherwise).at(frame);
      }
    };
  }

  private BoundAt constant(double value) {
    double error = rounding.ofConstant(value);
    return frame -> frame.is(true, error, value);
  }

  private BoundAt read(Access access) {
    DenseTensor tensor = points.tensor(access.tensor());
    double[] values = tensor.array();
    double[] bounds = errors.get(access.tensor()).array();
    double empty = tensor.empty();
    PointCompiler.PlaceAt place = points.place(access);
    return frame -> {
      int at = place.at(frame.point);
      double value = at < 0 ? empty : values[at];
      double error = at < 0 ? 0 : rounding.ofOperand(value, bounds[at]);
      return frame.is(value != empty, error, value);
    };
  }

  private BoundAt unary(Expression.Unary unary) {
    BoundAt operand = value(unary.operand());
    UnaryOperator operator = unary.operator();
    return frame -> {
      double x = operand.at(frame);
      return frame.is(true, rounding.of(operator, x, frame.error), operator.apply(x));
    };
  }

  private BoundAt binary(Expression.Binary binary) {
    BoundAt left = value(binary.left());
    BoundAt right = value(binary.right());
    BinaryOperator operator = binary.operator();
    return frame -> {
      double a = left.at(frame);
      double ea = frame.error;
      boolean isLeft = frame.isPresent;
      double b = right.at(frame);
      double eb = frame.error;
      boolean isRight = frame.isPresent;
      if (binary.merge().touches(isLeft, isRight)) {
        return frame.is(true, rounding.of(operator, a, ea, b, eb), operator.apply(a, b));
      }
      // Absent here, but an operand that is 0 up to rounding may be present when rounded.
      boolean mayBePresent = binary.merge().touches(isLeft || ea > 0, isRight || eb > 0);
      double bound = mayBePresent ? ifPresent(operator, a, ea, b, eb) : 0;
      return frame.is(false, bound, 0);
    };
  }

  private double ifPresent(BinaryOperator operator, double a, double ea, double b, double eb) {
    return switch (operator) {
      case ADD, SUBTRACT, MULTIPLY -> rounding.of(operator, a, ea, b, eb);
      case DIVIDE, MAXIMUM, MINIMUM, POWER, SUBTRACT_THEN_EXP -> Double.POSITIVE_INFINITY;
    };
  }
}
