package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Monoid;
import java.util.Arrays;

/** Folds values with errors into the elements of one tensor; bounds hold for any order. */
final class BoundedReduction {

  private final Monoid monoid;
  private final double empty;
  private final double[] values;
  private final double[] bounds;
  private final double[] magnitudes;
  private final double[] errors;
  private final double[] quanta;
  private final int[] terms;
  private final Rounding rounding;

  BoundedReduction(Monoid monoid, DenseTensor tensor, DenseTensor bound, Rounding rounding) {
    this.monoid = monoid;
    this.empty = tensor.empty();
    this.values = tensor.array();
    this.bounds = bound.array();
    this.magnitudes = new double[values.length];
    this.errors = new double[values.length];
    this.quanta = new double[values.length];
    Arrays.fill(quanta, Double.POSITIVE_INFINITY);
    this.terms = new int[values.length];
    this.rounding = rounding;
  }

  void add(int at, double value, double error) {
    boolean isFirst = terms[at]++ == 0;
    double before = values[at];
    values[at] = isFirst ? value : monoid.combine(before, value);
    magnitudes[at] += Math.abs(value);
    errors[at] += error;
    quanta[at] = Math.min(quanta[at], quantum(value));
    bounds[at] =
        isFirst
            ? error
            : switch (monoid) {
              case SUM -> sum(at);
              case MAXIMUM, MINIMUM -> Math.max(bounds[at], error);
              case PRODUCT -> product(before, bounds[at], value, error);
            };
  }

  /** A value that is absent here, yet may be there when rounded. */
  void addPossible(int at, double error) {
    boolean isHarmless = monoid == Monoid.SUM && empty == 0;
    errors[at] += isHarmless ? error : Double.POSITIVE_INFINITY;
    bounds[at] =
        isHarmless
            ? rounding.ofSum(values[at], magnitudes[at], errors[at], terms[at] + 1L)
            : Double.POSITIVE_INFINITY;
  }

  private double sum(int at) {
    return rounding.isExactSum(magnitudes[at], errors[at], quanta[at])
        ? 0
        : rounding.ofSum(values[at], magnitudes[at], errors[at], terms[at]);
  }

  /** The largest power of two that divides a value; 0 for one that is not finite. */
  static double quantum(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? Double.POSITIVE_INFINITY : 0;
    }
    int trailing = Long.numberOfTrailingZeros(Double.doubleToLongBits(value) | (1L << 52));
    int exponent = Math.getExponent(value) - 52 + trailing;
    // The same as scalb, which is slow and stands in the innermost loops.
    return exponent >= Double.MIN_EXPONENT
        ? Double.longBitsToDouble((long) (exponent + Double.MAX_EXPONENT) << 52)
        : Math.scalb(1.0, exponent);
  }

  private double product(double a, double ea, double b, double eb) {
    double exact = Math.abs(a * b);
    double widened = (Math.abs(a) + ea) * (Math.abs(b) + eb) * (1 + rounding.unit());
    double bound = widened - exact + rounding.format().smallestNormal();
    return exact + bound <= rounding.format().largest() ? bound : Double.POSITIVE_INFINITY;
  }
}
