package dev.weir.einsum.eval;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.UnaryOperator;

/**
 * Operators over rows: one loop each, so that HotSpot sees one operation on arrays. Every value is
 * what {@code apply} or {@code combine} of the operator gives.
 */
final class RowOperators {

  private RowOperators() {}

  /** The first values of a row, all of which become present. */
  static void apply(UnaryOperator operator, Row operand, Row result, int length) {
    apply(operator, operand.values, result.values, length);
    result.markFull();
  }

  private static void apply(UnaryOperator operator, double[] x, double[] y, int length) {
    switch (operator) {
      case NEGATE -> {
        for (int i = 0; i < length; i++) {
          y[i] = -x[i];
        }
      }
      case RELU -> {
        for (int i = 0; i < length; i++) {
          y[i] = Math.max(x[i], 0);
        }
      }
      case ABS -> {
        for (int i = 0; i < length; i++) {
          y[i] = Math.abs(x[i]);
        }
      }
      case SQRT -> {
        for (int i = 0; i < length; i++) {
          y[i] = Math.sqrt(x[i]);
        }
      }
      case EXP, LOG, SIGMOID, TANH -> {
        for (int i = 0; i < length; i++) {
          y[i] = operator.apply(x[i]);
        }
      }
    }
  }

  /** The first values of two rows where the merge operator touches them; absent ones count as 0. */
  static void apply(
      BinaryOperator operator, MergeOperator merge, Row left, Row right, Row result, int length) {
    apply(operator, left.values, right.values, result.values, length);
    result.markFull();
    if (left.isFull() && right.isFull()) {
      return;
    }
    for (int i = 0; i < length; i++) {
      boolean isTouched = merge.touches(left.isPresent(i), right.isPresent(i));
      result.mark(i, isTouched);
      if (!isTouched) {
        result.values[i] = 0;
      }
    }
  }

  private static void apply(
      BinaryOperator operator, double[] a, double[] b, double[] y, int length) {
    switch (operator) {
      case ADD -> add(a, b, y, length);
      case SUBTRACT -> {
        for (int i = 0; i < length; i++) {
          y[i] = a[i] - b[i];
        }
      }
      case MULTIPLY -> multiply(a, b, y, length);
      case DIVIDE -> {
        for (int i = 0; i < length; i++) {
          y[i] = a[i] / b[i];
        }
      }
      case MAXIMUM -> maximum(a, b, y, length);
      case MINIMUM -> minimum(a, b, y, length);
      case SUBTRACT_THEN_EXP -> {
        for (int i = 0; i < length; i++) {
          y[i] = Math.exp(a[i] - b[i]);
        }
      }
      case POWER -> {
        for (int i = 0; i < length; i++) {
          y[i] = Math.pow(a[i], b[i]);
        }
      }
    }
  }

  /** Combines two rows value by value; the first one gets the results. */
  static void combine(Monoid monoid, double[] left, double[] right, int length) {
    switch (monoid) {
      case SUM -> add(left, right, left, length);
      case PRODUCT -> multiply(left, right, left, length);
      case MAXIMUM -> maximum(left, right, left, length);
      case MINIMUM -> minimum(left, right, left, length);
    }
  }

  /** Folds values into one, from left to right. */
  static double fold(Monoid monoid, double first, double[] values, int from, int length) {
    double result = first;
    switch (monoid) {
      case SUM -> {
        for (int i = from; i < length; i++) {
          result += values[i];
        }
      }
      case PRODUCT -> {
        for (int i = from; i < length; i++) {
          result *= values[i];
        }
      }
      case MAXIMUM -> {
        for (int i = from; i < length; i++) {
          result = Math.max(result, values[i]);
        }
      }
      case MINIMUM -> {
        for (int i = from; i < length; i++) {
          result = Math.min(result, values[i]);
        }
      }
    }
    return result;
  }

  private static void add(double[] a, double[] b, double[] y, int length) {
    for (int i = 0; i < length; i++) {
      y[i] = a[i] + b[i];
    }
  }

  private static void multiply(double[] a, double[] b, double[] y, int length) {
    for (int i = 0; i < length; i++) {
      y[i] = a[i] * b[i];
    }
  }

  private static void maximum(double[] a, double[] b, double[] y, int length) {
    for (int i = 0; i < length; i++) {
      y[i] = Math.max(a[i], b[i]);
    }
  }

  private static void minimum(double[] a, double[] b, double[] y, int length) {
    for (int i = 0; i < length; i++) {
      y[i] = Math.min(a[i], b[i]);
    }
  }
}
