package dev.weir.einsum.zoo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Key blocks found by repeated halving: "A Training-free Sub-quadratic Cost Transformer Model
 * Serving Framework with Hierarchically Pruned Attention". A query block starts with branches that
 * cover the keys evenly; every step halves each branch, scores a half by its first key block and
 * keeps the best; then exact attention over the kept blocks and a sliding window.
 */
final class HipAttentionReference implements ZooReference {

  /** Half of a branch: its first key block, its number within the step and its score. */
  private record Half(int start, int number, double score) {}

  @Override
  public String cascade() {
    return "hip_attention";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(8, 2, 4, 3, 4, 8, 8),
        workload(6, 3, 2, 3, 5, 5, 3),
        workload(4, 5, 1, 3, 1, 7, 4),
        workload(10, 5, 3, 2, 13, 3, 5),
        workload(2, 1, 5, 1, 3, 3, 2));
  }

  private static Map<String, Long> workload(
      long bq, long bk, long w, long steps, long window, long e, long f) {
    long tokens = (bk * w) << steps;
    return Map.of(
        "P", tokens, "M", tokens, "Bq", bq, "Bk", bk, "W", w, "I", steps, "Win", window, "E", e,
        "F", f);
  }

  /** The sizes of halves by step, and keys where some blocks repeat earlier ones: ties. */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int steps = Math.toIntExact(shapes.get("I"));
    int keys = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    int block = Math.toIntExact(shapes.get("Bk"));
    double[] half = new double[steps];
    double size = (double) keys / block / shapes.get("W");
    for (int i = 0; i < steps; i++) {
      size /= 2;
      half[i] = size;
    }
    double[] k = random.doubles(1L * keys * width, -1.5, 1.5).toArray();
    int length = block * width;
    for (int b = 1; b < keys / block; b++) {
      if (random.nextInt(4) == 0) {
        System.arraycopy(k, random.nextInt(b) * length, k, b * length, length);
      }
    }
    return Map.of("Half", half, "K", k);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int queries = Math.toIntExact(shapes.get("P"));
    int features = Math.toIntExact(shapes.get("F"));
    int queryBlock = Math.toIntExact(shapes.get("Bq"));
    double[] o = new double[queries * features];
    for (int a = 0; a * queryBlock < queries; a++) {
      List<Integer> blocks = search(a, shapes, inputs);
      for (int p = a * queryBlock; p < (a + 1) * queryBlock; p++) {
        System.arraycopy(attend(p, blocks, shapes, inputs), 0, o, p * features, features);
      }
    }
    return Map.of("O", o);
  }

  /** The key blocks that query block a keeps. */
  private static List<Integer> search(
      int a, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int branches = Math.toIntExact(shapes.get("W"));
    int keyBlocks = Math.toIntExact(shapes.get("M") / shapes.get("Bk"));
    double[] sizes = inputs.get("Half");
    List<Integer> starts = new ArrayList<>();
    for (int n = 0; n < branches; n++) {
      starts.add(n * keyBlocks / branches);
    }
    for (double size : sizes) {
      List<Half> halves = new ArrayList<>();
      for (int n = 0; n < starts.size(); n++) {
        for (int u = 0; u < 2; u++) {
          int start = starts.get(n) + u * (int) size;
          double score = score(a, start, shapes, inputs);
          if (score > Double.NEGATIVE_INFINITY) {
            halves.add(new Half(start, 2 * n + u, score));
          }
        }
      }
      halves.sort(
          Comparator.comparingDouble(Half::score).reversed().thenComparingInt(Half::number));
      starts.clear();
      for (int t = 0; t < Math.min(branches, halves.size()); t++) {
        starts.add(halves.get(t).start());
      }
    }
    return starts;
  }

  /** Largest product of every second query of a block and a key block; minus infinity if none. */
  private static double score(
      int a, int start, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int queryBlock = Math.toIntExact(shapes.get("Bq"));
    int keyBlock = Math.toIntExact(shapes.get("Bk"));
    double max = Double.NEGATIVE_INFINITY;
    for (int x = 0; x < queryBlock / 2; x++) {
      for (int y = 0; y < keyBlock; y++) {
        int p = a * queryBlock + 2 * x;
        int m = start * keyBlock + y;
        if (m <= p) {
          max = Math.max(max, dot(p, m, shapes, inputs));
        }
      }
    }
    return max;
  }

  private static double dot(int p, int m, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int width = Math.toIntExact(shapes.get("E"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    double sum = 0;
    for (int e = 0; e < width; e++) {
      sum += q[p * width + e] * k[m * width + e];
    }
    return sum;
  }

  /** O[p]: causal softmax attention over kept key blocks and the window. */
  private static double[] attend(
      int p, List<Integer> blocks, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int width = Math.toIntExact(shapes.get("E"));
    int features = Math.toIntExact(shapes.get("F"));
    int keyBlock = Math.toIntExact(shapes.get("Bk"));
    double[] v = inputs.get("V");
    double[] score = new double[p + 1];
    boolean[] live = new boolean[p + 1];
    double max = Double.NEGATIVE_INFINITY;
    for (int m = 0; m <= p; m++) {
      live[m] = blocks.contains(m / keyBlock) || p - m < shapes.get("Win");
      if (live[m]) {
        score[m] = dot(p, m, shapes, inputs) / Math.sqrt(width);
        max = Math.max(max, score[m]);
      }
    }
    double[] o = new double[features];
    double sum = 0;
    for (int m = 0; m <= p; m++) {
      if (live[m]) {
        double weight = Math.exp(score[m] - max);
        sum += weight;
        for (int f = 0; f < features; f++) {
          o[f] += weight * v[m * features + f];
        }
      }
    }
    for (int f = 0; f < features; f++) {
      o[f] = sum == 0 ? 0 : o[f] / sum;
    }
    return o;
  }
}
