package dev.weir.einsum.zoo;

/** Softmax over plain numbers, for references. */
final class Softmax {

  private Softmax() {}

  /**
   * Weights of scores; a score of minus infinity is masked and weighs nothing. Where all are
   * masked, so do all.
   *
   * @param scores not modified
   */
  static double[] of(double[] scores) {
    double[] weights = new double[scores.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      largest = Math.max(largest, score);
    }
    if (largest == Double.NEGATIVE_INFINITY) {
      return weights;
    }
    double sum = 0;
    for (int m = 0; m < scores.length; m++) {
      weights[m] = Math.exp(scores[m] - largest);
      sum += weights[m];
    }
    for (int m = 0; m < scores.length; m++) {
      weights[m] /= sum;
    }
    return weights;
  }
}
