package dev.weir.einsum.zoo;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Fu et al., "MoA: Mixture of Sparse Attention for Automatic Large Language Model Compression":
 * causal softmax attention in which head h sees the first block of keys and the W[h] latest blocks,
 * that of the query included.
 */
final class HeterogeneousSpansReference implements ZooReference {

  @Override
  public String cascade() {
    return "heterogeneous_spans";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        Map.of("H", 4L, "P", 48L, "M", 48L, "E", 8L, "F", 6L, "BS", 4L),
        Map.of("H", 3L, "P", 29L, "M", 29L, "E", 5L, "F", 7L, "BS", 3L),
        Map.of("H", 2L, "P", 23L, "M", 17L, "E", 3L, "F", 4L, "BS", 5L),
        Map.of("H", 2L, "P", 11L, "M", 19L, "E", 4L, "F", 1L, "BS", 1L),
        Map.of("H", 1L, "P", 7L, "M", 7L, "E", 2L, "F", 3L, "BS", 8L));
  }

  /** Spans of one block up to all of them; the first head always has one block. */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int blocks = Math.toIntExact(Math.ceilDiv(shapes.get("P"), shapes.get("BS")));
    double[] w = new double[Math.toIntExact(shapes.get("H"))];
    for (int h = 0; h < w.length; h++) {
      w[h] = h == 0 ? 1 : 1 + random.nextInt(blocks);
    }
    return Map.of("W", w);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int queries = Math.toIntExact(shapes.get("P"));
    int keys = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    int valueWidth = Math.toIntExact(shapes.get("F"));
    int block = Math.toIntExact(shapes.get("BS"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    double[] v = inputs.get("V");
    double[] o = new double[heads * queries * valueWidth];
    for (int h = 0; h < heads; h++) {
      int span = (int) Math.round(inputs.get("W")[h]);
      for (int p = 0; p < queries; p++) {
        double[] s = new double[keys];
        Arrays.fill(s, Double.NEGATIVE_INFINITY);
        for (int m = 0; m < keys; m++) {
          if (allowed(p, m, block, span)) {
            double dot = 0;
            for (int e = 0; e < width; e++) {
              dot += q[(h * queries + p) * width + e] * k[(h * keys + m) * width + e];
            }
            s[m] = dot / Math.sqrt(width);
          }
        }
        double[] a = Softmax.of(s);
        for (int m = 0; m < keys; m++) {
          for (int f = 0; f < valueWidth; f++) {
            o[(h * queries + p) * valueWidth + f] += a[m] * v[(h * keys + m) * valueWidth + f];
          }
        }
      }
    }
    return Map.of("O", o);
  }

  private static boolean allowed(int p, int m, int block, int span) {
    int queryBlock = p / block;
    int keyBlock = m / block;
    return m <= p && (keyBlock == 0 || queryBlock - keyBlock < span);
  }
}
