package dev.weir.opencl.execute;

import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** What operators and built-in functions do with a lane. */
final class LaneFunctions {

  private final String kernel;

  /**
   * The functions of a kernel.
   *
   * @param kernel for messages
   */
  LaneFunctions(String kernel) {
    this.kernel = kernel;
  }

  /** An infix operator; {@code isVector} tells a vector's truth, −1, from a scalar's, 1. */
  DoubleBinaryOperator infix(Value.Operator operator, Type.Kind kind, boolean isVector) {
    double truth = isVector ? -1 : 1;
    return switch (operator) {
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER ->
          Kinds.isFloating(kind) ? floating(operator, kind) : whole(operator);
      case LESS -> (a, b) -> a < b ? truth : 0;
      case LESS_OR_EQUAL -> (a, b) -> a <= b ? truth : 0;
      case GREATER -> (a, b) -> a > b ? truth : 0;
      case GREATER_OR_EQUAL -> (a, b) -> a >= b ? truth : 0;
      case EQUAL -> (a, b) -> a == b ? truth : 0;
      case NOT_EQUAL -> (a, b) -> a != b ? truth : 0;
      case SHIFT_LEFT -> (a, b) -> (int) a << (int) b;
      case AND -> (a, b) -> (int) a & (int) b;
      case OR -> (a, b) -> (int) a | (int) b;
    };
  }

  private static DoubleBinaryOperator floating(Value.Operator operator, Type.Kind kind) {
    DoubleUnaryOperator round = Kinds.rounding(kind);
    return switch (operator) {
      case ADD -> (a, b) -> round.applyAsDouble(a + b);
      case SUBTRACT -> (a, b) -> round.applyAsDouble(a - b);
      case MULTIPLY -> (a, b) -> round.applyAsDouble(a * b);
      case DIVIDE -> (a, b) -> round.applyAsDouble(a / b);
      case REMAINDER,
          SHIFT_LEFT,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          EQUAL,
          NOT_EQUAL,
          AND,
          OR ->
          throw new IllegalArgumentException(
              operator.text() + " between floating-point numbers is no arithmetic of OpenCL C");
    };
  }

  private DoubleBinaryOperator whole(Value.Operator operator) {
    return switch (operator) {
      case ADD -> (a, b) -> fits((long) a + (long) b, a, operator, b);
      case SUBTRACT -> (a, b) -> fits((long) a - (long) b, a, operator, b);
      case MULTIPLY -> (a, b) -> fits(((long) a) * ((long) b), a, operator, b);
      case DIVIDE -> (a, b) -> fits(((long) a) / divisor(a, operator, b), a, operator, b);
      case REMAINDER -> (a, b) -> ((long) a) % divisor(a, operator, b);
      case SHIFT_LEFT, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL, AND, OR ->
          throw new IllegalArgumentException(operator.text() + " is no arithmetic");
    };
  }

  private double fits(long result, double a, Value.Operator operator, double b) {
    if (result != (int) result) {
      throw undefined(a, operator, b);
    }
    return result;
  }

  private long divisor(double a, Value.Operator operator, double b) {
    if (b == 0) {
      throw undefined(a, operator, b);
    }
    return (long) b;
  }

  private FaultException undefined(double a, Value.Operator operator, double b) {
    String operation = (long) a + " " + operator.text() + " " + (long) b;
    return new FaultException(new Fault.Undefined(kernel, operation));
  }

  /** A built-in function of one argument. */
  static DoubleUnaryOperator unary(Value.Function function, Type.Kind kind) {
    DoubleUnaryOperator round = Kinds.rounding(kind);
    return switch (function) {
      case EXP -> value -> round.applyAsDouble(Math.exp(value));
      case LOG -> value -> round.applyAsDouble(Math.log(value));
      case SQRT -> value -> round.applyAsDouble(Math.sqrt(value));
      case TANH -> value -> round.applyAsDouble(Math.tanh(value));
      case FABS -> Math::abs;
      case FLOOR -> Math::floor;
      case MAX, MIN, POW, CLAMP, ANY ->
          throw new IllegalArgumentException(function.text() + " does not take one argument");
    };
  }

  /** A built-in function of two arguments; ties and NaN as OpenCL C 1.2, section 6.12.4, has it. */
  static DoubleBinaryOperator binary(Value.Function function, Type.Kind kind) {
    DoubleUnaryOperator round = Kinds.rounding(kind);
    return switch (function) {
      case MAX -> (a, b) -> a < b ? b : a;
      case MIN -> (a, b) -> b < a ? b : a;
      case POW -> (a, b) -> round.applyAsDouble(Math.pow(a, b));
      case EXP, LOG, SQRT, TANH, FABS, FLOOR, CLAMP, ANY ->
          throw new IllegalArgumentException(function.text() + " does not take two arguments");
    };
  }
}
