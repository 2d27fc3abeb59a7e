package dev.weir.einsum.ir;

/** Compute operators of a reduce action, with what an empty fiber reduces to. */
public enum Monoid {
  SUM("+", 0),
  PRODUCT("*", 1),
  MAXIMUM("max", Double.NEGATIVE_INFINITY),
  MINIMUM("min", Double.POSITIVE_INFINITY);

  private final String text;
  private final double identity;

  Monoid(String text, double identity) {
    this.text = text;
    this.identity = identity;
  }

  /** How it is written. */
  public String text() {
    return text;
  }

  /** The value that changes nothing. */
  public double identity() {
    return identity;
  }

  /** Both values folded into one, in double precision. */
  public double combine(double left, double right) {
    return switch (this) {
      case SUM -> left + right;
      case PRODUCT -> left * right;
      case MAXIMUM -> Math.max(left, right);
      case MINIMUM -> Math.min(left, right);
    };
  }
}
