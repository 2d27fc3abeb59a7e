package dev.weir.einsum.eval;

/**
 * Errors of a tensor's elements, apart from those that come with what was read: what the roundings
 * of an element's own Einsum do to it.
 *
 * <p>A rounding is random, with mean zero and independent of the others, or it is not: then its
 * largest size counts. The error of a function is not random, nor is what lies below the normal
 * range, nor what a linear model leaves out.
 */
final class ElementErrors {

  /** Whole error, with that of what was read, whatever the dependences. */
  final double[] total;

  /** Own errors that are not random. */
  final double[] fixed;

  /** Root of the sum of squares of own random roundings. */
  final double[] spread;

  /** Largest sum of own random roundings. */
  final double[] worst;

  /** Additions that made the element; equal roundings count more than once. */
  final double[] additions;

  ElementErrors(int size) {
    total = new double[size];
    fixed = new double[size];
    spread = new double[size];
    worst = new double[size];
    additions = new double[size];
  }
}
