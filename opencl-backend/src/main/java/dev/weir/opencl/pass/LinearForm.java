package dev.weir.opencl.pass;

import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A whole number as {@code constant + Σ coefficient · value}.
 *
 * @param terms coefficients that are not 0, of values that are no sums, in order of first
 *     appearance
 * @param constant what is added
 */
record LinearForm(Map<Value, Long> terms, long constant) {

  static LinearForm of(Value value) {
    if (value instanceof Value.Whole(long number)) {
      return new LinearForm(Map.of(), number);
    }
    if (value instanceof Value.Negated(Value operand)) {
      return of(operand).times(-1);
    }
    return value instanceof Value.Infix(Operator operator, Value left, Value right)
        ? of(operator, left, right).orElseGet(() -> ofAtom(value))
        : ofAtom(value);
  }

  private static Optional<LinearForm> of(Operator operator, Value left, Value right) {
    return switch (operator) {
      case ADD -> Optional.of(of(left).plus(of(right)));
      case SUBTRACT -> Optional.of(of(left).minus(of(right)));
      case MULTIPLY -> of(left).timesAnother(of(right));
      case DIVIDE, REMAINDER, SHIFT_LEFT, AND, OR -> Optional.empty();
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL -> Optional.empty();
    };
  }

  private static LinearForm ofAtom(Value value) {
    return new LinearForm(Map.of(value, 1L), 0);
  }

  /** A product that is linear, too. */
  private Optional<LinearForm> timesAnother(LinearForm other) {
    if (other.terms.isEmpty()) {
      return Optional.of(times(other.constant));
    }
    return terms.isEmpty() ? Optional.of(other.times(constant)) : Optional.empty();
  }

  LinearForm plus(LinearForm other) {
    Map<Value, Long> sum = new LinkedHashMap<>(terms);
    other.terms.forEach(
        (value, coefficient) -> sum.merge(value, coefficient, (a, b) -> a + b == 0 ? null : a + b));
    return new LinearForm(sum, constant + other.constant);
  }

  LinearForm minus(LinearForm other) {
    return plus(other.times(-1));
  }

  LinearForm times(long factor) {
    if (factor == 0) {
      return new LinearForm(Map.of(), 0);
    }
    Map<Value, Long> product = new LinkedHashMap<>();
    terms.forEach((value, coefficient) -> product.put(value, coefficient * factor));
    return new LinearForm(product, constant * factor);
  }

  /** The terms that are added, and the constant if it is. */
  Value positive() {
    return sum(1);
  }

  /** What is subtracted, as a sum. */
  Value negative() {
    return sum(-1);
  }

  private Value sum(int sign) {
    Value sum = null;
    for (Map.Entry<Value, Long> term : terms.entrySet()) {
      long coefficient = term.getValue() * sign;
      if (coefficient > 0) {
        Value product =
            coefficient == 1
                ? term.getKey()
                : new Value.Infix(Operator.MULTIPLY, term.getKey(), new Value.Whole(coefficient));
        sum = sum == null ? product : new Value.Infix(Operator.ADD, sum, product);
      }
    }
    long added = Math.max(0, constant * sign);
    if (sum == null) {
      return new Value.Whole(added);
    }
    return added == 0 ? sum : new Value.Infix(Operator.ADD, sum, new Value.Whole(added));
  }
}
