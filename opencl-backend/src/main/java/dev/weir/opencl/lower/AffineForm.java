package dev.weir.opencl.lower;

import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A coordinate as {@code constant + Σ coefficient · variable}.
 *
 * @param terms coefficients that are not 0, in order of first appearance
 * @param constant what is added
 */
record AffineForm(Map<Value.Variable, Long> terms, long constant) {

  /** Stands for the number of the vector lane. */
  static final Value.Variable LANE = new Value.Variable("lane", Type.INT);

  static AffineForm of(long constant) {
    return new AffineForm(Map.of(), constant);
  }

  static AffineForm of(Value.Variable variable) {
    return of(0).plus(variable, 1);
  }

  AffineForm plus(long more) {
    return new AffineForm(terms, constant + more);
  }

  AffineForm plus(Value.Variable variable, long coefficient) {
    Map<Value.Variable, Long> sum = new LinkedHashMap<>(terms);
    sum.merge(variable, coefficient, (left, right) -> left + right == 0 ? null : left + right);
    if (coefficient == 0 && !terms.containsKey(variable)) {
      sum.remove(variable);
    }
    return new AffineForm(sum, constant);
  }

  AffineForm plus(AffineForm other) {
    AffineForm sum = plus(other.constant);
    for (Map.Entry<Value.Variable, Long> term : other.terms.entrySet()) {
      sum = sum.plus(term.getKey(), term.getValue());
    }
    return sum;
  }

  AffineForm times(long factor) {
    if (factor == 0) {
      return of(0);
    }
    Map<Value.Variable, Long> product = new LinkedHashMap<>();
    terms.forEach((variable, coefficient) -> product.put(variable, coefficient * factor));
    return new AffineForm(product, constant * factor);
  }

  AffineForm minus(AffineForm other) {
    return plus(other.times(-1));
  }

  long coefficient(Value.Variable variable) {
    return terms.getOrDefault(variable, 0L);
  }

  boolean hasLane() {
    return terms.containsKey(LANE);
  }

  AffineForm withoutLane() {
    return plus(LANE, -coefficient(LANE));
  }

  /**
   * The number itself.
   *
   * @param lanes lanes of the result when the lane number occurs in it
   */
  Value value(int lanes) {
    Value sum = null;
    for (Map.Entry<Value.Variable, Long> term : withoutLane().terms.entrySet()) {
      Value product =
          Arithmetic.multiply(term.getKey(), new Value.Whole(Math.abs(term.getValue())));
      sum = append(sum, product, term.getValue() > 0);
    }
    if (constant != 0 || sum == null) {
      sum =
          append(
              sum,
              new Value.Whole(sum == null ? constant : Math.abs(constant)),
              sum == null || constant > 0);
    }
    if (hasLane()) {
      Value laneNumbers =
          Arithmetic.multiply(new Value.LaneNumbers(lanes), new Value.Whole(coefficient(LANE)));
      sum = Arithmetic.add(sum, laneNumbers);
    }
    return sum;
  }

  private static Value append(Value sum, Value more, boolean positive) {
    if (sum == null) {
      return positive ? more : new Value.Negated(more);
    }
    return positive ? Arithmetic.add(sum, more) : Arithmetic.subtract(sum, more);
  }
}
