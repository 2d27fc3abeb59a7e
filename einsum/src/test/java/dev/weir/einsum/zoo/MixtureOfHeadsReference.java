package dev.weir.einsum.zoo;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Attention whose heads are switched per token: "MoH: Multi-Head Attention as Mixture-of-Head
 * Attention", {@code Y = sum_h g_h(x_p) O_h W_O^h}, in the form for LLaMA: a routed head's logit is
 * the norm of its query, the largest few live with gate 1, and shared heads always live.
 */
final class MixtureOfHeadsReference implements ZooReference {

  @Override
  public String cascade() {
    return "mixture_of_heads";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(6, 3, 2, 2, 18, 18, 8, 8, 12),
        workload(5, 1, 2, 1, 11, 11, 3, 5, 7),
        workload(7, 7, 1, 3, 9, 9, 5, 2, 3),
        workload(8, 2, 1, 3, 5, 9, 4, 3, 5));
  }

  private static Map<String, Long> workload(
      long h, long keyHeads, long shared, long t, long p, long m, long e, long f, long d) {
    return Map.of(
        "H", h, "Hk", keyHeads, "Hs", shared, "T", t, "P", p, "M", m, "E", e, "F", f, "D", d);
  }

  /** Queries where, at every third token, neighbouring routed heads are tied. */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int heads = Math.toIntExact(shapes.get("H"));
    int shared = Math.toIntExact(shapes.get("Hs"));
    int queries = Math.toIntExact(shapes.get("P"));
    int width = Math.toIntExact(shapes.get("E"));
    double[] q = random.doubles(1L * heads * queries * width, -1.5, 1.5).toArray();
    for (int h = shared + 1; h < heads; h += 2) {
      for (int p = 0; p < queries; p += 3) {
        for (int e = 0; e < width; e++) {
          q[(h * queries + p) * width + e] = q[((h - 1) * queries + p) * width + e];
        }
      }
    }
    return Map.of("Q", q);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int queries = Math.toIntExact(shapes.get("P"));
    int features = Math.toIntExact(shapes.get("F"));
    int model = Math.toIntExact(shapes.get("D"));
    double[] wo = inputs.get("WO");
    double[] y = new double[queries * model];
    for (int p = 0; p < queries; p++) {
      boolean[] live = live(p, shapes, inputs.get("Q"));
      for (int h = 0; h < heads; h++) {
        if (live[h]) {
          double[] o = attend(h, p, shapes, inputs);
          for (int f = 0; f < features; f++) {
            for (int d = 0; d < model; d++) {
              y[p * model + d] += o[f] * wo[(h * features + f) * model + d];
            }
          }
        }
      }
    }
    return Map.of("Y", y);
  }

  /** Whether each head lives at token p. */
  private static boolean[] live(int p, Map<String, Long> shapes, double[] q) {
    int heads = Math.toIntExact(shapes.get("H"));
    int shared = Math.toIntExact(shapes.get("Hs"));
    int queries = Math.toIntExact(shapes.get("P"));
    int width = Math.toIntExact(shapes.get("E"));
    double[] norm = new double[heads];
    for (int h = 0; h < heads; h++) {
      double sum = 0;
      for (int e = 0; e < width; e++) {
        double x = q[(h * queries + p) * width + e];
        sum += x * x;
      }
      norm[h] = Math.sqrt(sum);
    }
    boolean[] live = new boolean[heads];
    for (int h = 0; h < heads; h++) {
      int ahead = 0;
      for (int other = shared; other < heads; other++) {
        if (norm[other] > norm[h] || (norm[other] == norm[h] && other < h)) {
          ahead++;
        }
      }
      live[h] = h < shared || ahead < shapes.get("T");
    }
    return live;
  }

  /**
   * O[h,p]: causal softmax attention of one head at one token. A group of neighbouring query heads,
   * as large as any other, shares a head of keys and values.
   */
  private static double[] attend(
      int h, int p, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int queries = Math.toIntExact(shapes.get("P"));
    int keys = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    double[] v = inputs.get("V");
    int group = Math.toIntExact(shapes.get("H") / shapes.get("Hk"));
    int shared = h / group;
    int seen = Math.min(p + 1, keys);
    double[] score = new double[seen];
    double max = Double.NEGATIVE_INFINITY;
    for (int m = 0; m < seen; m++) {
      for (int e = 0; e < width; e++) {
        score[m] += q[(h * queries + p) * width + e] * k[(shared * keys + m) * width + e];
      }
      score[m] /= Math.sqrt(width);
      max = Math.max(max, score[m]);
    }
    double sum = 0;
    double[] o = new double[features];
    for (int m = 0; m < seen; m++) {
      double weight = Math.exp(score[m] - max);
      sum += weight;
      for (int f = 0; f < features; f++) {
        o[f] += weight * v[(shared * keys + m) * features + f];
      }
    }
    for (int f = 0; f < features; f++) {
      o[f] /= sum;
    }
    return o;
  }
}
