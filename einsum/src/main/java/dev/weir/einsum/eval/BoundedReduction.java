package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Monoid;

/** Folds values with errors into the elements of one tensor; bounds hold for any order. */
final class BoundedReduction {

  private final Monoid monoid;
  private final double empty;
  private final double[] values;
  private final double[] bounds;
  private final double[] magnitudes;
  private final double[] errors;
  private final int[] terms;
  private final Rounding rounding;

  BoundedReduction(Monoid monoid, DenseTensor tensor, DenseTensor bound, Rounding rounding) {
    this.monoid = monoid;
    this.empty = tensor.empty();
    this.values = tensor.array();
    this.bounds = bound.array();
    this.magnitudes = new double[values.length];
    this.errors = new double[values.length];
    this.terms = new int[values.length];
    this.rounding = rounding;
  }

  void add(int at, double value, double error) {
    boolean isFirst = terms[at]++ == 0;
    double before = values[at];
    values[at] = isFirst ? value : monoid.combine(before, value);
    magnitudes[at] += Math.abs(value);
    errors[at] += error;
    bounds[at] =
        isFirst
            ? error
            : switch (monoid) {
              case SUM -> rounding.ofSum(values[at], magnitudes[at], errors[at], terms[at]);
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

  private double product(double a, double ea, double b, double eb) {
    double exact = Math.abs(a * b);
    double widened = (Math.abs(a) + ea) * (Math.abs(b) + eb) * (1 + rounding.unit());
    double bound = widened - exact + rounding.format().smallestNormal();
    return exact + bound <= rounding.format().largest() ? bound : Double.POSITIVE_INFINITY;
  }
}
