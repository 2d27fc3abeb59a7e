package dev.weir.einsum.zoo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Key blocks found by repeated halving: "A Training-free Sub-quadratic Cost Transformer Model
 * Serving Framework with Hierarchically Pruned Attention". A query block starts with branches that
 * cover the key blocks evenly; every step halves each branch, scores a half by its first key block
 * and keeps the best, until a branch is one key block; then exact attention over the kept blocks
 * and a sliding window. Starts are rounded down, as in the authors' code, and so is the first
 * half's length; a half without a key block is left out.
 */
final class HipAttentionReference implements ZooReference {

  /** Some key blocks in a row. */
  private record Branch(int first, int length) {}

  /** Half of a branch, its number within the step and its score. */
  private record Half(Branch branch, int number, double score) {}

  @Override
  public String cascade() {
    return "hip_attention";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(64, 8, 2, 4, 3, 4, 8, 8),
        workload(48, 6, 3, 2, 3, 5, 5, 3),
        workload(40, 4, 5, 1, 3, 1, 7, 4),
        workload(13, 4, 1, 2, 3, 2, 3, 3),
        workload(61, 7, 3, 5, 3, 13, 4, 3),
        workload(50, 5, 4, 3, 3, 1, 3, 5),
        workload(9, 1, 2, 6, 1, 1, 3, 2));
  }

  private static Map<String, Long> workload(
      long tokens, long bq, long bk, long w, long steps, long window, long e, long f) {
    return Map.of(
        "P", tokens, "M", tokens, "Bq", bq, "Bk", bk, "W", w, "I", steps, "Win", window, "E", e,
        "F", f);
  }

  /** Keys where some blocks repeat earlier ones: ties. */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int keys = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    int block = Math.toIntExact(shapes.get("Bk"));
    double[] k = random.doubles(1L * keys * width, -1.5, 1.5).toArray();
    int length = block * width;
    for (int b = 1; b < keys / block; b++) {
      if (random.nextInt(4) == 0) {
        System.arraycopy(k, random.nextInt(b) * length, k, b * length, length);
      }
    }
    return Map.of("K", k);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int queries = Math.toIntExact(shapes.get("P"));
    int features = Math.toIntExact(shapes.get("F"));
    int queryBlock = Math.toIntExact(shapes.get("Bq"));
    double[] o = new double[queries * features];
    for (int a = 0; a * queryBlock < queries; a++) {
      Set<Integer> blocks = search(a, shapes, inputs);
      for (int p = a * queryBlock; p < Math.min(queries, (a + 1) * queryBlock); p++) {
        System.arraycopy(attend(p, blocks, shapes, inputs), 0, o, p * features, features);
      }
    }
    return Map.of("O", o);
  }

  /** The key blocks that query block a keeps. */
  private static Set<Integer> search(
      int a, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int count = Math.toIntExact(shapes.get("W"));
    int keyBlocks = (int) Math.ceil((double) shapes.get("M") / shapes.get("Bk"));
    List<Branch> branches = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int first = (int) Math.floor((double) keyBlocks * n / count);
      branches.add(
          new Branch(first, (int) Math.floor((double) keyBlocks * (n + 1) / count) - first));
    }
    boolean isFirst = true;
    while (isFirst || branches.stream().anyMatch(branch -> branch.length() > 1)) {
      branches = halve(branches, a, count, shapes, inputs);
      isFirst = false;
    }
    return branches.stream().map(Branch::first).collect(Collectors.toSet());
  }

  /** The best halves of some branches. */
  private static List<Branch> halve(
      List<Branch> branches,
      int a,
      int count,
      Map<String, Long> shapes,
      Map<String, double[]> inputs) {
    List<Half> halves = new ArrayList<>();
    for (int n = 0; n < branches.size(); n++) {
      Branch branch = branches.get(n);
      int length = (int) (branch.length() * 0.5);
      Branch left = new Branch(branch.first(), length);
      Branch right = new Branch(branch.first() + length, branch.length() - length);
      for (Branch half : List.of(left, right)) {
        double score = score(a, half.first(), shapes, inputs);
        if (half.length() > 0 && score > Double.NEGATIVE_INFINITY) {
          halves.add(new Half(half, halves.size(), score));
        }
      }
    }
    halves.sort(Comparator.comparingDouble(Half::score).reversed().thenComparingInt(Half::number));
    return halves.stream().limit(count).map(Half::branch).toList();
  }

  /** Largest product of every second query of a block and a key block; minus infinity if none. */
  private static double score(
      int a, int start, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int queryBlock = Math.toIntExact(shapes.get("Bq"));
    int keyBlock = Math.toIntExact(shapes.get("Bk"));
    int queries = Math.toIntExact(shapes.get("P"));
    int keys = Math.toIntExact(shapes.get("M"));
    double max = Double.NEGATIVE_INFINITY;
    for (int p = a * queryBlock; p < Math.min(queries, (a + 1) * queryBlock); p += 2) {
      for (int m = start * keyBlock; m < Math.min(keys, (start + 1) * keyBlock); m++) {
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
      int p, Set<Integer> blocks, Map<String, Long> shapes, Map<String, double[]> inputs) {
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
