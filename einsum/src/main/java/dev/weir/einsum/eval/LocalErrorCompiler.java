package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.Map;

/**
 * Turns the right side of an Einsum into a function of a point that also says what errors its value
 * has: in total, and of its own operations alone. Within one right side all errors add up: an
 * operand may occur twice.
 */
final class LocalErrorCompiler {

  /** The point, and presence and errors of the value computed last. */
  static final class Frame {
    final long[] point;
    boolean isPresent;
    double total;
    double fixed;
    double spread;
    double worst;
    double additions;

    Frame(long[] point) {
      this.point = point;
    }

    private double is(boolean present, double error, double value) {
      isPresent = present;
      total = Double.isNaN(error) || Double.isNaN(value) ? Double.POSITIVE_INFINITY : error;
      fixed = total;
      spread = 0;
      worst = 0;
      additions = 0;
      return value;
    }
  }

  /** A value at a point; presence and errors are left in the frame. */
  @FunctionalInterface
  interface ValueAt {
    double at(Frame frame);
  }

  private final PointCompiler points;
  private final Map<TensorName, ElementErrors> errors;
  private final Rounding rounding;
  private final double confidence;

  LocalErrorCompiler(
      PointCompiler points,
      Map<TensorName, ElementErrors> errors,
      Rounding rounding,
      double confidence) {
    this.points = points;
    this.errors = errors;
    this.rounding = rounding;
    this.confidence = confidence;
  }

  ValueAt value(Expression expression) {
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
        ValueAt then = value(select.then());
        ValueAt otherwise = value(select.otherwise());
        yield frame -> (condition.at(frame.point) ? then : otherwise).at(frame);
      }
    };
  }

  private ValueAt constant(double value) {
    double error = rounding.ofConstant(value);
    return frame -> frame.is(true, error, value);
  }

  private ValueAt read(Access access) {
    DenseTensor tensor = points.tensor(access.tensor());
    double[] values = tensor.array();
    ElementErrors own = errors.get(access.tensor());
    double empty = tensor.empty();
    PointCompiler.PlaceAt place = points.place(access);
    return frame -> {
      int at = place.at(frame.point);
      double value = at < 0 ? empty : values[at];
      double total = at < 0 || own == null ? 0 : own.total[at];
      frame.is(value != empty, rounding.ofOperand(value, total), value);
      frame.fixed = rounding.ofOperand(value, 0);
      frame.additions = at < 0 || own == null ? 0 : own.additions[at];
      return value;
    };
  }

  private ValueAt unary(Expression.Unary unary) {
    ValueAt operand = value(unary.operand());
    UnaryOperator operator = unary.operator();
    return frame -> {
      double x = operand.at(frame);
      double ex = frame.total;
      double value = operator.apply(x);
      double total = rounding.of(operator, x, ex);
      if (total == 0 || !Double.isFinite(x) || !Double.isFinite(total)) {
        return frame.is(true, total, value);
      }
      double derivative = Math.abs(Derivatives.of(operator, x));
      frame.fixed =
          derivative * frame.fixed
              + Derivatives.remainder(operator, x, ex)
              + rounding.ofFunction(operator, value, total);
      return finish(frame, derivative, total, value);
    };
  }

  private double finish(Frame frame, double derivative, double total, double value) {
    frame.spread *= derivative;
    frame.worst *= derivative;
    frame.isPresent = true;
    frame.total = total;
    frame.additions = 0;
    return Double.isNaN(frame.fixed + frame.spread + frame.worst)
        ? frame.is(true, Double.POSITIVE_INFINITY, value)
        : value;
  }

  private ValueAt binary(Expression.Binary binary) {
    ValueAt left = value(binary.left());
    ValueAt right = value(binary.right());
    BinaryOperator operator = binary.operator();
    return frame -> {
      double a = left.at(frame);
      double ea = frame.total;
      boolean isLeft = frame.isPresent;
      double fixed = frame.fixed;
      double spread = frame.spread;
      double worst = frame.worst;
      double additions = frame.additions;
      double b = right.at(frame);
      double eb = frame.total;
      boolean isRight = frame.isPresent;
      if (!binary.merge().touches(isLeft, isRight)) {
        // Absent here, but an operand that is 0 up to rounding may be present when rounded.
        boolean mayBePresent = binary.merge().touches(isLeft || ea > 0, isRight || eb > 0);
        double bound = mayBePresent ? ifPresent(operator, a, ea, b, eb) : 0;
        return frame.is(false, bound, 0);
      }
      double value = operator.apply(a, b);
      double total = rounding.of(operator, a, ea, b, eb);
      boolean isPlain = Double.isFinite(a) && Double.isFinite(b) && Double.isFinite(total);
      if (total == 0 || !isPlain) {
        return frame.is(true, total, value);
      }
      double da = Math.abs(Derivatives.left(operator, a, b));
      double db = Math.abs(Derivatives.right(operator, a, b));
      frame.fixed =
          da * fixed
              + db * frame.fixed
              + remainder(operator, a, ea, b, eb)
              + rounding.ofFunction(operator, value, total);
      frame.spread = da * spread + db * frame.spread;
      frame.worst = da * worst + db * frame.worst;
      double sums = 1 + additions + frame.additions;
      return round(operator, frame, a, b, sums, total, value);
    };
  }

  private double remainder(BinaryOperator operator, double a, double ea, double b, double eb) {
    // The rounding of a difference goes through the exponential too.
    return operator == BinaryOperator.SUBTRACT_THEN_EXP
        ? Derivatives.remainder(
            operator, a, rounding.of(BinaryOperator.SUBTRACT, a, ea, b, eb), b, 0)
        : Derivatives.remainder(operator, a, ea, b, eb);
  }

  /** Adds the operation's own random rounding. */
  private double round(
      BinaryOperator operator,
      Frame frame,
      double a,
      double b,
      double sums,
      double total,
      double value) {
    double whole = total;
    switch (operator) {
      case ADD, SUBTRACT -> {
        // A sum may go on from the other operand instead of being added to it when it is complete.
        double largest = Math.max(Math.max(Math.abs(a), Math.abs(b)), Math.abs(value)) + total;
        double one = rounding.unit() * (sums > 1 ? largest : Math.abs(value) + total);
        frame.spread += Math.sqrt(sums) * one;
        frame.worst += sums * one;
        whole += sums > 1 ? Math.min(sums, confidence * Math.sqrt(sums)) * one : 0;
      }
      case MULTIPLY -> {
        double one = rounding.unit() * (Math.abs(value) + total);
        frame.spread += one;
        frame.worst += one;
      }
      case SUBTRACT_THEN_EXP -> {
        double one = rounding.unit() * Math.abs(a - b) * (value + total);
        frame.spread += one;
        frame.worst += one;
      }
      case DIVIDE, MAXIMUM, MINIMUM, POWER -> {}
    }
    return finish(frame, 1, whole, value);
  }

  private double ifPresent(BinaryOperator operator, double a, double ea, double b, double eb) {
    return switch (operator) {
      case ADD, SUBTRACT, MULTIPLY -> rounding.of(operator, a, ea, b, eb);
      case DIVIDE, MAXIMUM, MINIMUM, POWER, SUBTRACT_THEN_EXP -> Double.POSITIVE_INFINITY;
    };
  }
}
