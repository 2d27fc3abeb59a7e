package dev.weir.einsum.syntax;

import java.util.Arrays;
import java.util.Optional;

/** Operators between two terms, loosest first. All but the power group to the left. */
public enum InfixOperator {
  OR("or", 1),
  AND("and", 2),
  LESS("<", 4),
  LESS_OR_EQUAL("<=", 4),
  GREATER(">", 4),
  GREATER_OR_EQUAL(">=", 4),
  EQUAL("==", 4),
  NOT_EQUAL("!=", 4),
  ADD("+", 5),
  SUBTRACT("-", 5),
  MULTIPLY("*", 6),
  DIVIDE("/", 6),
  REMAINDER("%", 6),
  POWER("^", 8);

  private final String text;
  private final int precedence;

  InfixOperator(String text, int precedence) {
    this.text = text;
    this.precedence = precedence;
  }

  /** The operator that is written like this. */
  public static Optional<InfixOperator> of(String text) {
    return Arrays.stream(values()).filter(operator -> operator.text.equals(text)).findFirst();
  }

  /** How it is written. */
  public String text() {
    return text;
  }

  /** How tightly it binds: higher is tighter. */
  public int precedence() {
    return precedence;
  }

  /** Whether it compares two numbers. */
  public boolean isComparison() {
    return precedence == LESS.precedence;
  }
}
