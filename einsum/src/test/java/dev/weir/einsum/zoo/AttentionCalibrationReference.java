package dev.weir.einsum.zoo;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Weights moved away from hidden sinks: "Unveiling and Harnessing Hidden Attention Sinks" (ACT).
 * Columns of a causal softmax whose mean exceeds a threshold are sinks, but for the first such
 * column; a row keeps {@code beta} of their weight and spreads the rest over its other keys in
 * proportion.
 */
final class AttentionCalibrationReference implements ZooReference {

  private static final double BETA = 0.4;
  private static final double TAU = 0.11;

  @Override
  public String cascade() {
    return "attention_calibration";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        Map.of("H", 2L, "P", 24L, "M", 24L, "E", 8L, "F", 8L),
        Map.of("H", 3L, "P", 13L, "M", 13L, "E", 5L, "F", 3L),
        Map.of("H", 4L, "P", 31L, "M", 31L, "E", 3L, "F", 7L),
        Map.of("H", 1L, "P", 1L, "M", 1L, "E", 2L, "F", 5L));
  }

  /**
   * Queries and keys with columns that draw all queries, so that there are sinks; in odd heads key
   * 0 repels, so that it is not the first of the columns above the threshold.
   */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int heads = Math.toIntExact(shapes.get("H"));
    int length = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    double[] q = random.doubles(1L * heads * length * width, -1.5, 1.5).toArray();
    double[] k = random.doubles(1L * heads * length * width, -1.5, 1.5).toArray();
    for (int h = 0; h < heads; h++) {
      for (int m = 0; m < length; m++) {
        int first = (h * length + m) * width;
        q[first] = 1 + random.nextDouble();
        if (m == 0 && h % 2 == 1) {
          k[first] = -5;
        } else if (m % 5 == 2 && m < length / 2) {
          k[first] = 3;
        }
      }
    }
    return Map.of("Q", q, "K", k, "beta", new double[] {BETA}, "tau", new double[] {TAU});
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int length = Math.toIntExact(shapes.get("M"));
    int features = Math.toIntExact(shapes.get("F"));
    double beta = inputs.get("beta")[0];
    double[] v = inputs.get("V");
    double[] o = new double[heads * length * features];
    for (int h = 0; h < heads; h++) {
      double[][] a = softmax(h, shapes, inputs);
      boolean[] sink = sinks(a, inputs.get("tau")[0]);
      for (int p = 0; p < length; p++) {
        double onSinks = 0;
        double onOthers = 0;
        for (int m = 0; m <= p; m++) {
          if (sink[m]) {
            onSinks += a[p][m];
          } else {
            onOthers += a[p][m];
          }
        }
        double raised = onOthers == 0 ? 0 : 1 + (1 - beta) * onSinks / onOthers;
        for (int m = 0; m <= p; m++) {
          double weight = a[p][m] * (sink[m] ? beta : raised);
          for (int f = 0; f < features; f++) {
            o[(h * length + p) * features + f] += weight * v[(h * length + m) * features + f];
          }
        }
      }
    }
    return Map.of("O", o);
  }

  /** A[p][m] of one head; 0 where m is after p. */
  private static double[][] softmax(int h, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int length = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    double[][] a = new double[length][length];
    for (int p = 0; p < length; p++) {
      double[] score = new double[p + 1];
      for (int m = 0; m <= p; m++) {
        for (int e = 0; e < width; e++) {
          score[m] += q[(h * length + p) * width + e] * k[(h * length + m) * width + e];
        }
        score[m] /= Math.sqrt(width);
      }
      System.arraycopy(Softmax.of(score), 0, a[p], 0, p + 1);
    }
    return a;
  }

  /** Z: columns whose mean over the queries that see them exceeds tau, without the first one. */
  private static boolean[] sinks(double[][] a, double tau) {
    int length = a.length;
    boolean[] sink = new boolean[length];
    boolean first = true;
    for (int m = 0; m < length; m++) {
      double sum = 0;
      for (int p = m; p < length; p++) {
        sum += a[p][m];
      }
      if (sum / (length - m) > tau) {
        sink[m] = !first;
        first = false;
      }
    }
    return sink;
  }
}
