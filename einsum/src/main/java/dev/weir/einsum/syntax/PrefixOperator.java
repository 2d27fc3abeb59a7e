package dev.weir.einsum.syntax;

/** Operators in front of a term. */
public enum PrefixOperator {
  NOT("not", 3),
  NEGATE("-", 7);

  private final String text;
  private final int precedence;

  PrefixOperator(String text, int precedence) {
    this.text = text;
    this.precedence = precedence;
  }

  /** How it is written. */
  public String text() {
    return text;
  }

  /** How tightly it binds, on the scale of {@link InfixOperator#precedence()}. */
  public int precedence() {
    return precedence;
  }
}
