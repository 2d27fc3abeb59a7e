package dev.weir.einsum.ir;

/** Scalar functions of one value. */
public enum UnaryOperator {
  NEGATE("-"),
  EXP("exp"),
  LOG("log"),
  SQRT("sqrt"),
  SIGMOID("sigmoid"),
  TANH("tanh"),
  RELU("relu"),
  ABS("abs");

  private final String text;

  UnaryOperator(String text) {
    this.text = text;
  }

  /** How it is written. */
  public String text() {
    return text;
  }

  /** The function itself, in double precision. */
  public double apply(double x) {
    return switch (this) {
      case NEGATE -> -x;
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
      case RELU -> Math.max(x, 0);
      case ABS -> Math.abs(x);
    };
  }
}
