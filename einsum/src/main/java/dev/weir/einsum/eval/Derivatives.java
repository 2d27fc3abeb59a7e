package dev.weir.einsum.eval;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.UnaryOperator;

/**
 * First derivatives of operators, and how far a linear model with them is from the operator when
 * operands are off: what an operator does to errors is derivative times error, up to the remainder.
 */
final class Derivatives {

  private Derivatives() {}

  /** Derivative in the left operand; of two equal ones, a maximum has the left. */
  static double left(BinaryOperator operator, double a, double b) {
    return switch (operator) {
      case ADD, SUBTRACT -> 1;
      case MULTIPLY -> b;
      case DIVIDE -> 1 / b;
      case MAXIMUM -> a >= b ? 1 : 0;
      case MINIMUM -> a <= b ? 1 : 0;
      case POWER -> b == 0 ? 0 : b * Math.pow(a, b - 1);
      case SUBTRACT_THEN_EXP -> Math.exp(a - b);
    };
  }

  /** Derivative in the right operand. */
  static double right(BinaryOperator operator, double a, double b) {
    return switch (operator) {
      case ADD -> 1;
      case SUBTRACT -> -1;
      case MULTIPLY -> a;
      case DIVIDE -> -a / b / b;
      case MAXIMUM -> a >= b ? 0 : 1;
      case MINIMUM -> a <= b ? 0 : 1;
      case POWER -> a == 0 ? 0 : Math.log(a) * Math.pow(a, b);
      case SUBTRACT_THEN_EXP -> -Math.exp(a - b);
    };
  }

  /** Derivative of a function. */
  static double of(UnaryOperator operator, double x) {
    return switch (operator) {
      case NEGATE -> -1;
      case EXP -> Math.exp(x);
      case LOG -> 1 / x;
      case SQRT -> 1 / (2 * Math.sqrt(x));
      case SIGMOID -> operator.apply(x) * operator.apply(-x);
      case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
      case RELU -> x > 0 ? 1 : 0;
      case ABS -> x < 0 ? -1 : 1;
    };
  }

  /** Largest remainder of an operator whose operands are off by up to {@code ea} and {@code eb}. */
  static double remainder(BinaryOperator operator, double a, double ea, double b, double eb) {
    return switch (operator) {
      case ADD, SUBTRACT -> 0;
      case MULTIPLY -> ea * eb;
      case DIVIDE -> (ea + Math.abs(a / b) * eb) * eb / (Math.abs(b) * (Math.abs(b) - eb));
      // Only where the errors can swap the operands.
      case MAXIMUM, MINIMUM -> a == b ? ea + eb : Math.max(0, ea + eb - Math.abs(a - b));
      case POWER -> ea == 0 && eb == 0 ? 0 : ofPower(a, ea, b, eb);
      case SUBTRACT_THEN_EXP -> ofExponential(a - b, ea + eb);
    };
  }

  /** Largest remainder of a function whose operand is off by up to {@code ex}. */
  static double remainder(UnaryOperator operator, double x, double ex) {
    return switch (operator) {
      case NEGATE -> 0;
      case EXP -> ofExponential(x, ex);
      case LOG -> Math.max(0, -Math.log1p(-ex / x) - ex / x);
      case SQRT ->
          ex == 0
              ? 0
              : Math.max(0, Math.sqrt(x) - Math.sqrt(x - ex) - ex / (2 * Math.sqrt(x)))
                  + 0x1p-50 * ex / Math.sqrt(x);
      // Half the largest second derivatives, 1/(6√3) and 4/(3√3).
      case SIGMOID -> 0.0482 * ex * ex;
      case TANH -> 0.385 * ex * ex;
      case RELU -> Math.max(0, ex - Math.abs(x));
      case ABS -> 2 * Math.max(0, ex - Math.abs(x));
    };
  }

  /** e^x (e^ex - 1 - ex), which is less than e^x ex^2 for ex up to 1. */
  private static double ofExponential(double x, double ex) {
    return ex < 1 ? Math.exp(x) * ex * ex : Math.exp(x + ex);
  }

  private static double ofPower(double a, double ea, double b, double eb) {
    double ofLogarithm = -Math.log1p(-ea / a);
    double logarithm = Math.abs(Math.log(a));
    double exponent = (Math.abs(b) + eb) * ofLogarithm + logarithm * eb;
    double linear = Math.abs(b) * ea / a + logarithm * eb;
    double value = Math.pow(a, b);
    return value * Math.max(0, Math.expm1(exponent) - linear) + 0x1p-50 * value * exponent;
  }
}
