package dev.weir.einsum.eval;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Single precision as bad as OpenCL allows: sums in random order, functions and quotients off by
 * random ulps, numbers below the normal range flushed at random.
 */
final class SinglePrecision implements Arithmetic {

  private final Random random;

  SinglePrecision(Random random) {
    this.random = random;
  }

  @Override
  public double constant(double value) {
    return (float) value;
  }

  @Override
  public double apply(UnaryOperator operator, double x) {
    return switch (operator) {
      case NEGATE, RELU, ABS -> operator.apply(x);
      case EXP, LOG, SQRT -> off(operator.apply(x), 2);
      case TANH -> off(operator.apply(x), 4);
      case SIGMOID -> {
        double e = off(Math.exp(-x), 2);
        yield off(1 / round(1 + e), 2);
      }
    };
  }

  @Override
  public double apply(BinaryOperator operator, double a, double b) {
    return switch (operator) {
      case ADD, SUBTRACT, MULTIPLY, MAXIMUM, MINIMUM -> round(operator.apply(a, b));
      case DIVIDE -> off(a / b, 2);
      case POWER -> off(Math.pow(a, b), 15);
      case SUBTRACT_THEN_EXP -> off(Math.exp(round(a - b)), 2);
    };
  }

  @Override
  public double combine(Monoid monoid, double a, double b) {
    return round(monoid.combine(a, b));
  }

  @Override
  public void arrange(List<Double> values) {
    Collections.shuffle(values, random);
  }

  private float round(double value) {
    float rounded = (float) value;
    return Math.abs(rounded) < Float.MIN_NORMAL && random.nextBoolean() ? 0 : rounded;
  }

  /** Half an ulp is lost in rounding, so the ulps are one fewer than are allowed. */
  private double off(double value, int ulps) {
    float rounded = round(value);
    if (rounded == 0 || !Float.isFinite(rounded)) {
      return rounded;
    }
    double moved = rounded + (double) Math.ulp(rounded) * (random.nextInt(2 * ulps + 1) - ulps);
    return round(moved);
  }
}
