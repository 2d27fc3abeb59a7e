package dev.weir.einsum.zoo;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * "HyperAttention: Long-context Attention in Near-Linear Time", without a causal mask: tokens are
 * sorted by an angular hash, blocks of the sorted order attend to each other, and a uniform sample
 * of keys stands for the rest; the last block has what is left: {@code O = c O1 + (1 - c) O2, c = 1
 * / (1 + exp(L2 - L1))}. The hyperplanes and the sample are given.
 */
final class HyperAttentionReference implements ZooReference {

  @Override
  public String cascade() {
    return "hyper_attention";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(2, 64, 8, 8, 3, 8, 8),
        workload(3, 35, 5, 7, 2, 5, 3),
        workload(1, 39, 13, 2, 4, 7, 4),
        workload(2, 22, 1, 3, 1, 3, 5),
        workload(2, 37, 8, 5, 3, 4, 3),
        workload(1, 19, 6, 3, 2, 5, 4));
  }

  private static Map<String, Long> workload(
      long h, long tokens, long bs, long t, long bits, long e, long f) {
    return Map.of(
        "H",
        h,
        "P",
        tokens,
        "M",
        tokens,
        "Bs",
        bs,
        "T",
        t,
        "Kb",
        bits,
        "Nb",
        1L << bits,
        "E",
        e,
        "F",
        f);
  }

  /**
   * The Gray-code order of buckets, and sampled places of which the first two lie in different
   * blocks, so that no query is left without one.
   */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int heads = Math.toIntExact(shapes.get("H"));
    int keys = Math.toIntExact(shapes.get("M"));
    int block = Math.toIntExact(shapes.get("Bs"));
    int sample = Math.toIntExact(shapes.get("T"));
    double[] perm = {0};
    while (perm.length < shapes.get("Nb")) {
      double[] next = new double[2 * perm.length];
      for (int i = 0; i < perm.length; i++) {
        next[i] = perm[i];
        next[next.length - 1 - i] = perm[i] + perm.length;
      }
      perm = next;
    }
    double[] places = new double[heads * sample];
    for (int h = 0; h < heads; h++) {
      for (int t = 0; t < sample; t++) {
        places[h * sample + t] = random.nextInt(keys);
      }
      int ahead = block * (1 + random.nextInt(keys / block - 1));
      places[h * sample + 1] = ((int) places[h * sample] + ahead) % keys;
    }
    return Map.of("Perm", perm, "RS", places);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int tokens = Math.toIntExact(shapes.get("P"));
    int features = Math.toIntExact(shapes.get("F"));
    int block = Math.toIntExact(shapes.get("Bs"));
    int sample = Math.toIntExact(shapes.get("T"));
    double[] o = new double[heads * tokens * features];
    for (int h = 0; h < heads; h++) {
      int[] queryAt = sorted(h, inputs.get("Q"), tokens, shapes, inputs);
      int[] keyAt = sorted(h, inputs.get("K"), tokens, shapes, inputs);
      for (int i = 0; i < tokens; i++) {
        int p = queryAt[i];
        int own = i / block;
        int[] near = Arrays.copyOfRange(keyAt, own * block, Math.min(tokens, (own + 1) * block));
        double[] first = attend(h, p, near, near.length, shapes, inputs);
        int[] far = new int[sample];
        int count = 0;
        for (int t = 0; t < sample; t++) {
          int place = (int) inputs.get("RS")[h * sample + t];
          if (place / block != own) {
            far[count] = keyAt[place];
            count++;
          }
        }
        double[] second = attend(h, p, far, count, shapes, inputs);
        double lse = second[features] + Math.log((double) tokens / sample);
        double c = 1 / (1 + Math.exp(lse - first[features]));
        for (int f = 0; f < features; f++) {
          o[(h * tokens + p) * features + f] = c * first[f] + (1 - c) * second[f];
        }
      }
    }
    return Map.of("O", o);
  }

  /** Tokens of one head in the order of their buckets, those of one bucket in their own order. */
  private static int[] sorted(
      int h, double[] rows, int tokens, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int width = Math.toIntExact(shapes.get("E"));
    int[] bucket = new int[tokens];
    for (int p = 0; p < tokens; p++) {
      bucket[p] = bucket(rows, (h * tokens + p) * width, shapes, inputs);
    }
    int[] order = new int[tokens];
    int filled = 0;
    for (int b = 0; b < shapes.get("Nb"); b++) {
      for (int p = 0; p < tokens; p++) {
        if (bucket[p] == b) {
          order[filled] = p;
          filled++;
        }
      }
    }
    return order;
  }

  /** The bucket of the row that starts at an index. */
  private static int bucket(
      double[] rows, int from, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int width = Math.toIntExact(shapes.get("E"));
    int bits = Math.toIntExact(shapes.get("Kb"));
    double[] planes = inputs.get("R");
    int code = 0;
    for (int k = 0; k < bits; k++) {
      double dot = 0;
      for (int e = 0; e < width; e++) {
        dot += rows[from + e] * planes[e * bits + k];
      }
      if (dot > 0) {
        code += 1 << k;
      }
    }
    return (int) inputs.get("Perm")[code];
  }

  /**
   * Softmax attention of one query over the first few of some keys, and last the logarithm of the
   * sum of exponentials.
   */
  private static double[] attend(
      int h, int p, int[] at, int count, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int tokens = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    double[] v = inputs.get("V");
    double[] score = new double[count];
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < count; j++) {
      for (int e = 0; e < width; e++) {
        score[j] += q[(h * tokens + p) * width + e] * k[(h * tokens + at[j]) * width + e];
      }
      score[j] /= Math.sqrt(width);
      max = Math.max(max, score[j]);
    }
    double[] o = new double[features + 1];
    double sum = 0;
    for (int j = 0; j < count; j++) {
      double weight = Math.exp(score[j] - max);
      sum += weight;
      for (int f = 0; f < features; f++) {
        o[f] += weight * v[(h * tokens + at[j]) * features + f];
      }
    }
    for (int f = 0; f < features; f++) {
      o[f] = sum == 0 ? 0 : o[f] / sum;
    }
    o[features] = max + Math.log(sum);
    return o;
  }
}
