package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.Arrays;
import java.util.Optional;

/** What a unit of hardware can be asked to do once; architecture files give each a cost. */
public enum OperationKind {
  /** A multiplication whose product goes straight into a running sum. */
  MULTIPLY_ACCUMULATE("mac"),
  MULTIPLY("multiply"),
  ADD("add"),
  SUBTRACT("subtract"),
  MAXIMUM("max"),
  MINIMUM("min"),
  /** {@code exp(x)} or, also as one operation, {@code exp(x - y)}. */
  EXPONENTIAL("exp"),
  DIVIDE("divide"),
  POWER("power"),
  NEGATE("negate"),
  LOGARITHM("log"),
  SQUARE_ROOT("sqrt"),
  SIGMOID("sigmoid"),
  HYPERBOLIC_TANGENT("tanh"),
  RECTIFY("relu"),
  ABSOLUTE("abs"),
  /** One value compared with those in order so far, and put in its place among them. */
  ORDER("order");

  private final String text;

  OperationKind(String text) {
    this.text = text;
  }

  /** Its name in architecture files and reports. */
  public String text() {
    return text;
  }

  /** The kind that architecture files call so. */
  public static Optional<OperationKind> named(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
  }

  /** What a map action asks for. */
  public static OperationKind of(BinaryOperator operator) {
    return switch (operator) {
      case ADD -> ADD;
      case SUBTRACT -> SUBTRACT;
      case MULTIPLY -> MULTIPLY;
      case DIVIDE -> DIVIDE;
      case MAXIMUM -> MAXIMUM;
      case MINIMUM -> MINIMUM;
      case POWER -> POWER;
      case SUBTRACT_THEN_EXP -> EXPONENTIAL;
    };
  }

  /** What a function of one value asks for. */
  public static OperationKind of(UnaryOperator operator) {
    return switch (operator) {
      case NEGATE -> NEGATE;
      case EXP -> EXPONENTIAL;
      case LOG -> LOGARITHM;
      case SQRT -> SQUARE_ROOT;
      case SIGMOID -> SIGMOID;
      case TANH -> HYPERBOLIC_TANGENT;
      case RELU -> RECTIFY;
      case ABS -> ABSOLUTE;
    };
  }

  /** What a reduce action asks for at each value that it takes in. */
  public static OperationKind of(Monoid reduction) {
    return switch (reduction) {
      case SUM -> ADD;
      case PRODUCT -> MULTIPLY;
      case MAXIMUM -> MAXIMUM;
      case MINIMUM -> MINIMUM;
    };
  }
}
