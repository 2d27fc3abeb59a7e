package dev.weir.einsum.zoo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * "Efficient Content-Based Sparse Attention with Routing Transformers": every centroid takes the
 * queries and the keys whose directions are nearest to it, and they attend to each other under a
 * causal mask of original positions; a query's outputs are averaged over the clusters that took it.
 * Then each centroid moves a little towards the mean of the tokens nearest to it.
 */
final class RoutingAttentionReference implements ZooReference {

  private static final double DECAY = 0.999;
  private static final double LEAST_LENGTH = 1e-12;

  @Override
  public String cascade() {
    return "routing_attention";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(2, 24, 4, 6, 6, 8, 8),
        workload(2, 13, 3, 4, 5, 5, 3),
        workload(1, 9, 1, 9, 9, 4, 3),
        workload(2, 19, 7, 2, 2, 3, 4),
        workload(1, 5, 9, 2, 1, 3, 2),
        workload(3, 17, 5, 6, 3, 7, 5));
  }

  private static Map<String, Long> workload(
      long h, long tokens, long c, long t, long u, long e, long f) {
    return Map.of("H", h, "P", tokens, "M", tokens, "C", c, "T", t, "U", u, "E", e, "F", f);
  }

  /**
   * Centroids of length one in random directions, and tokens in directions of their own, as which
   * of two in one direction is nearer would depend on rounding; some tokens are zero.
   */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int heads = Math.toIntExact(shapes.get("H"));
    int width = Math.toIntExact(shapes.get("E"));
    double[] mu = normal(heads * Math.toIntExact(shapes.get("C")) * width, random);
    double[] q = normal(heads * Math.toIntExact(shapes.get("P")) * width, random);
    double[] k = normal(heads * Math.toIntExact(shapes.get("M")) * width, random);
    Arrays.fill(q, 0, random.nextInt(3) * width, 0);
    Arrays.fill(k, 0, random.nextInt(3) * width, 0);
    return Map.of("MU", unitRows(mu, width), "Q", q, "K", k);
  }

  private static double[] normal(int count, Random random) {
    return random.doubles(count).map(_ -> random.nextGaussian()).toArray();
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int queries = Math.toIntExact(shapes.get("P"));
    int clusters = Math.toIntExact(shapes.get("C"));
    int width = Math.toIntExact(shapes.get("E"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] unitQ = unitRows(inputs.get("Q"), width);
    double[] unitK = unitRows(inputs.get("K"), width);
    double[] o = new double[heads * queries * features];
    double[] moved = new double[heads * clusters * width];
    for (int h = 0; h < heads; h++) {
      double[][] nearQ = similarity(h, unitQ, queries, shapes, inputs);
      double[][] nearK = similarity(h, unitK, Math.toIntExact(shapes.get("M")), shapes, inputs);
      double[] head = mix(h, nearQ, nearK, shapes, inputs);
      System.arraycopy(head, 0, o, h * head.length, head.length);
      for (int c = 0; c < clusters; c++) {
        List<double[]> owned = owned(h, c, nearQ, unitQ, width);
        owned.addAll(owned(h, c, nearK, unitK, width));
        int from = (h * clusters + c) * width;
        for (int e = 0; e < width; e++) {
          moved[from + e] = step(inputs.get("MU")[from + e], e, owned);
        }
      }
    }
    return Map.of("O", o, "MU1", moved);
  }

  /** The rows, each divided by its Euclidean length; zeros if that is next to nothing. */
  private static double[] unitRows(double[] rows, int width) {
    double[] unit = new double[rows.length];
    for (int from = 0; from < rows.length; from += width) {
      double length = Math.max(Math.sqrt(dot(rows, from, rows, from, width)), LEAST_LENGTH);
      for (int e = 0; e < width; e++) {
        unit[from + e] = rows[from + e] / length;
      }
    }
    return unit;
  }

  private static double dot(double[] a, int fromA, double[] b, int fromB, int width) {
    double sum = 0;
    for (int e = 0; e < width; e++) {
      sum += a[fromA + e] * b[fromB + e];
    }
    return sum;
  }

  /** Products of one head's centroids and its unit tokens, by centroid and token. */
  private static double[][] similarity(
      int h, double[] unit, int tokens, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int clusters = Math.toIntExact(shapes.get("C"));
    int width = Math.toIntExact(shapes.get("E"));
    double[][] near = new double[clusters][tokens];
    for (int c = 0; c < clusters; c++) {
      for (int p = 0; p < tokens; p++) {
        near[c][p] =
            dot(
                inputs.get("MU"),
                (h * clusters + c) * width,
                unit,
                (h * tokens + p) * width,
                width);
      }
    }
    return near;
  }

  /** Places of the largest values; of equal ones the first. */
  private static int[] top(double[] values, long count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> -values[i]).thenComparingInt(i -> i))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** One head's output: for every query the mean of what its clusters give. */
  private static double[] mix(
      int h,
      double[][] nearQ,
      double[][] nearK,
      Map<String, Long> shapes,
      Map<String, double[]> inputs) {
    int queries = Math.toIntExact(shapes.get("P"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] o = new double[queries * features];
    int[] memberships = new int[queries];
    for (int c = 0; c < nearQ.length; c++) {
      int[] keys = top(nearK[c], shapes.get("U"));
      for (int p : top(nearQ[c], shapes.get("T"))) {
        double[] given = attend(h, p, keys, shapes, inputs);
        memberships[p]++;
        for (int f = 0; f < features; f++) {
          o[p * features + f] += given[f];
        }
      }
    }
    for (int p = 0; p < queries; p++) {
      for (int f = 0; f < features && memberships[p] > 0; f++) {
        o[p * features + f] /= memberships[p];
      }
    }
    return o;
  }

  /** Softmax attention of a query over those of some keys that are not after it; zeros if none. */
  private static double[] attend(
      int h, int p, int[] keys, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int queries = Math.toIntExact(shapes.get("P"));
    int tokens = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    int[] seen = IntStream.of(keys).filter(m -> m <= p).toArray();
    double[] score = new double[seen.length];
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < seen.length; j++) {
      double product = dot(q, (h * queries + p) * width, k, (h * tokens + seen[j]) * width, width);
      score[j] = product / Math.sqrt(width);
      max = Math.max(max, score[j]);
    }
    double[] o = new double[features];
    double sum = 0;
    for (int j = 0; j < seen.length; j++) {
      double weight = Math.exp(score[j] - max);
      sum += weight;
      for (int f = 0; f < features; f++) {
        o[f] += weight * inputs.get("V")[(h * tokens + seen[j]) * features + f];
      }
    }
    for (int f = 0; f < features; f++) {
      o[f] = sum == 0 ? 0 : o[f] / sum;
    }
    return o;
  }

  /** The unit tokens of one head whose nearest centroid is the given one. */
  private static List<double[]> owned(int h, int c, double[][] near, double[] unit, int width) {
    List<double[]> owned = new ArrayList<>();
    int tokens = near[c].length;
    for (int p = 0; p < tokens; p++) {
      int best = 0;
      for (int other = 1; other < near.length; other++) {
        if (near[other][p] > near[best][p]) {
          best = other;
        }
      }
      if (best == c) {
        double[] row = new double[width];
        System.arraycopy(unit, (h * tokens + p) * width, row, 0, width);
        owned.add(row);
      }
    }
    return owned;
  }

  /** One coordinate of a centroid after the step. */
  private static double step(double old, int e, List<double[]> owned) {
    if (owned.isEmpty()) {
      return old;
    }
    double sum = 0;
    for (double[] row : owned) {
      sum += row[e];
    }
    return DECAY * old + (1 - DECAY) * sum / owned.size();
  }
}
