package dev.weir.einsum.zoo;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Sparse attention routed by chunks: "Long-Context Modeling with Dynamic Hierarchical Sparse
 * Attention for On-Device LLMs". A chunk of n keys is represented by {@code sqrt(n) * mean}; its
 * score goes to all its tokens, and a query block attends to its local window and the best tokens.
 * The boundaries of chunks are given.
 */
final class DhsaReference implements ZooReference {

  @Override
  public String cascade() {
    return "dhsa";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(2, 40, 6, 8, 16, 8, 8, 8),
        workload(3, 37, 9, 5, 11, 3, 5, 4),
        workload(1, 29, 4, 7, 9, 8, 3, 5),
        workload(2, 23, 23, 4, 3, 1, 6, 2));
  }

  private static Map<String, Long> workload(
      long h, long tokens, long c, long bq, long t, long local, long e, long f) {
    return Map.of(
        "H", h, "P", tokens, "M", tokens, "C", c, "Bq", bq, "T", t, "Local", local, "E", e, "F", f);
  }

  /** Random boundaries of chunks, none empty, and the chunk of every token. */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int keys = Math.toIntExact(shapes.get("M"));
    int chunks = Math.toIntExact(shapes.get("C"));
    boolean[] starts = new boolean[keys];
    starts[0] = true;
    for (int c = 1; c < chunks; c++) {
      int at = random.nextInt(keys);
      while (starts[at]) {
        at = random.nextInt(keys);
      }
      starts[at] = true;
    }
    double[] bounds = new double[chunks + 1];
    double[] chunk = new double[keys];
    int current = -1;
    for (int m = 0; m < keys; m++) {
      if (starts[m]) {
        current++;
        bounds[current] = m;
      }
      chunk[m] = current;
    }
    bounds[chunks] = keys;
    return Map.of("Bnd", bounds, "Chunk", chunk);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int queries = Math.toIntExact(shapes.get("P"));
    int features = Math.toIntExact(shapes.get("F"));
    int block = Math.toIntExact(shapes.get("Bq"));
    double[] chunkKeys = chunkKeys(shapes, inputs);
    double[] o = new double[heads * queries * features];
    for (int a = 0; a * block < queries; a++) {
      boolean[] kept = kept(a, chunkKeys, shapes, inputs);
      for (int h = 0; h < heads; h++) {
        for (int p = a * block; p < Math.min((a + 1) * block, queries); p++) {
          double[] row = attend(h, p, kept, shapes, inputs);
          System.arraycopy(row, 0, o, (h * queries + p) * features, features);
        }
      }
    }
    return Map.of("O", o);
  }

  /** KC: chunks x width. */
  private static double[] chunkKeys(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int chunks = Math.toIntExact(shapes.get("C"));
    int width = Math.toIntExact(shapes.get("E"));
    double[] bounds = inputs.get("Bnd");
    double[] mean = headMean(inputs.get("K"), shapes);
    double[] result = new double[chunks * width];
    for (int c = 0; c < chunks; c++) {
      int from = (int) bounds[c];
      int to = (int) bounds[c + 1];
      for (int e = 0; e < width; e++) {
        double sum = 0;
        for (int m = from; m < to; m++) {
          sum += mean[m * width + e];
        }
        result[c * width + e] = sum / Math.sqrt(to - from);
      }
    }
    return result;
  }

  /** Mean over heads of queries or keys: tokens x width. */
  private static double[] headMean(double[] rows, Map<String, Long> shapes) {
    int heads = Math.toIntExact(shapes.get("H"));
    double[] mean = new double[rows.length / heads];
    for (int i = 0; i < mean.length; i++) {
      for (int h = 0; h < heads; h++) {
        mean[i] += rows[h * mean.length + i];
      }
      mean[i] /= heads;
    }
    return mean;
  }

  /** Which tokens query block a attends to. */
  private static boolean[] kept(
      int a, double[] chunkKeys, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int keys = Math.toIntExact(shapes.get("M"));
    int block = Math.toIntExact(shapes.get("Bq"));
    int local = Math.toIntExact(shapes.get("Local"));
    double[] chunk = inputs.get("Chunk");
    double[] chunkScores = chunkScores(a, chunkKeys, shapes, inputs);
    int present = Math.min((a + 1) * block, keys);
    double[] score = new double[present];
    for (int m = 0; m < present; m++) {
      boolean near = m > a * block + block - 1 - local;
      score[m] = near ? Double.POSITIVE_INFINITY : chunkScores[(int) chunk[m]];
    }
    boolean[] kept = new boolean[keys];
    for (int m = 0; m < present; m++) {
      int ahead = 0;
      for (int other = 0; other < present; other++) {
        if (score[other] > score[m] || (score[other] == score[m] && other < m)) {
          ahead++;
        }
      }
      kept[m] = ahead < shapes.get("T");
    }
    return kept;
  }

  /** CS[a]: by chunk. */
  private static double[] chunkScores(
      int a, double[] chunkKeys, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int queries = Math.toIntExact(shapes.get("P"));
    int chunks = Math.toIntExact(shapes.get("C"));
    int width = Math.toIntExact(shapes.get("E"));
    int block = Math.toIntExact(shapes.get("Bq"));
    double[] mean = headMean(inputs.get("Q"), shapes);
    double[] query = new double[width];
    for (int e = 0; e < width; e++) {
      for (int p = a * block; p < Math.min((a + 1) * block, queries); p++) {
        query[e] += mean[p * width + e];
      }
      query[e] /= Math.sqrt(block);
    }
    double[] score = new double[chunks];
    for (int c = 0; c < chunks; c++) {
      for (int e = 0; e < width; e++) {
        score[c] += query[e] * chunkKeys[c * width + e];
      }
    }
    return score;
  }

  /** O[h,p]: softmax attention over the kept tokens up to p; zeros when there are none. */
  private static double[] attend(
      int h, int p, boolean[] kept, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int keys = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    double[] v = inputs.get("V");
    double[] score = new double[p + 1];
    Arrays.fill(score, Double.NEGATIVE_INFINITY);
    double max = Double.NEGATIVE_INFINITY;
    for (int m = 0; m <= p; m++) {
      if (kept[m]) {
        double dot = 0;
        for (int e = 0; e < width; e++) {
          dot += q[(h * keys + p) * width + e] * k[(h * keys + m) * width + e];
        }
        score[m] = dot / Math.sqrt(width);
        max = Math.max(max, score[m]);
      }
    }
    double[] o = new double[features];
    double sum = 0;
    for (int m = 0; m <= p; m++) {
      if (kept[m]) {
        double weight = Math.exp(score[m] - max);
        sum += weight;
        for (int f = 0; f < features; f++) {
          o[f] += weight * v[(h * keys + m) * features + f];
        }
      }
    }
    for (int f = 0; f < features; f++) {
      o[f] = sum == 0 ? 0 : o[f] / sum;
    }
    return o;
  }
}
