package dev.weir.einsum.zoo;

import java.util.List;
import java.util.Map;

/**
 * The grouped softmax of "Landmark Attention: Random-Access Infinite Context Length for
 * Transformers", as trained: tokens of the query's own block and landmarks of earlier blocks share
 * one softmax; a token of an earlier block weighs {@code softmax in its block * weight of the
 * block's landmark}. The last row of a block is its landmark; a last block that is not full has
 * none. K and V come in whole blocks, of which the rows behind the last token mean nothing.
 */
final class LandmarkAttentionReference implements ZooReference {

  @Override
  public String cascade() {
    return "landmark_attention";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(2, 20, 4, 8, 8),
        workload(3, 18, 4, 7, 3),
        workload(1, 15, 2, 5, 4),
        workload(2, 7, 9, 3, 5),
        workload(1, 33, 8, 4, 4));
  }

  private static Map<String, Long> workload(long h, long p, long r, long e, long f) {
    return Map.of("H", h, "P", p, "R", r, "E", e, "F", f);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int tokens = Math.toIntExact(shapes.get("P"));
    int rows = padded(shapes);
    int features = Math.toIntExact(shapes.get("F"));
    double[] v = inputs.get("V");
    double[] o = new double[heads * tokens * features];
    for (int h = 0; h < heads; h++) {
      for (int p = 0; p < tokens; p++) {
        double[] weight = weights(scores(h, p, shapes, inputs), p, shapes);
        for (int m = 0; m < tokens; m++) {
          for (int f = 0; f < features; f++) {
            o[(h * tokens + p) * features + f] += weight[m] * v[(h * rows + m) * features + f];
          }
        }
      }
    }
    return Map.of("O", o);
  }

  /** Rows of K and V, in whole blocks. */
  private static int padded(Map<String, Long> shapes) {
    int tokens = Math.toIntExact(shapes.get("P"));
    int rows = 0;
    while (rows < tokens) {
      rows += Math.toIntExact(shapes.get("R"));
    }
    return rows;
  }

  /** Scores of all tokens, landmarks included. */
  private static double[] scores(
      int h, int p, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int tokens = Math.toIntExact(shapes.get("P"));
    int rows = padded(shapes);
    int width = Math.toIntExact(shapes.get("E"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    double[] score = new double[tokens];
    for (int m = 0; m < tokens; m++) {
      for (int e = 0; e < width; e++) {
        score[m] += q[(h * tokens + p) * width + e] * k[(h * rows + m) * width + e];
      }
      score[m] /= Math.sqrt(width);
    }
    return score;
  }

  /** Weights by row; those of landmarks, which have no value, are zero. */
  private static double[] weights(double[] score, int p, Map<String, Long> shapes) {
    int rows = Math.toIntExact(shapes.get("R"));
    int own = p / rows;
    boolean[] special = new boolean[score.length];
    for (int m = 0; m < score.length; m++) {
      boolean landmark = m % rows == rows - 1;
      special[m] = landmark ? m / rows < own : m / rows == own && m <= p;
    }
    double[] weight = softmax(score, special);
    for (int b = 0; b < own; b++) {
      boolean[] regular = new boolean[score.length];
      for (int r = 0; r < rows - 1; r++) {
        regular[b * rows + r] = true;
      }
      double[] inner = softmax(score, regular);
      int landmark = b * rows + rows - 1;
      for (int r = 0; r < rows - 1; r++) {
        weight[b * rows + r] = inner[b * rows + r] * weight[landmark];
      }
      weight[landmark] = 0;
    }
    return weight;
  }

  /** Softmax over the members of a group; zero elsewhere. */
  private static double[] softmax(double[] score, boolean[] member) {
    double[] masked = score.clone();
    for (int m = 0; m < score.length; m++) {
      if (!member[m]) {
        masked[m] = Double.NEGATIVE_INFINITY;
      }
    }
    return Softmax.of(masked);
  }
}
