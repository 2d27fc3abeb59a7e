package dev.weir.mapper.model;

import dev.weir.mapper.program.Expressions;
import java.util.Arrays;

/** A size of a schedule as a product of a number and some arguments of the plan. */
final class Amount {

  private final long factor;
  private final int[] arguments;

  /**
   * @param arguments positions of the arguments
   */
  Amount(long factor, int... arguments) {
    this.factor = factor;
    this.arguments = arguments;
  }

  /** Its value. */
  long of(long[] values) {
    long product = factor;
    for (int argument : arguments) {
      product = Math.multiplyExact(product, values[argument]);
    }
    return product;
  }

  /**
   * It as an expression.
   *
   * @param values expressions of the arguments
   */
  int expression(Expressions expressions, int[] values) {
    int product = expressions.constant(factor);
    for (int argument : arguments) {
      product = expressions.times(product, values[argument]);
    }
    return product;
  }

  Amount times(Amount other) {
    int[] both = Arrays.copyOf(arguments, arguments.length + other.arguments.length);
    System.arraycopy(other.arguments, 0, both, arguments.length, other.arguments.length);
    return new Amount(Math.multiplyExact(factor, other.factor), both);
  }

  /** Whether it is 1 whatever the arguments are. */
  boolean isOne() {
    return factor == 1 && arguments.length == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Amount that
        && factor == that.factor
        && Arrays.equals(arguments, that.arguments);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(factor) + Arrays.hashCode(arguments);
  }
}
