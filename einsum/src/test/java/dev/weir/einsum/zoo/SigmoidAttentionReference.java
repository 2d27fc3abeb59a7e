package dev.weir.einsum.zoo;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Ramapuram et al., "Theory, Analysis, and Best Practices for Sigmoid Self-Attention": O = A V with
 * A[p,m] = sigmoid(q_p . k_m / sqrt(E) + b - slope (p - m)) for m at most p, and zero elsewhere.
 */
final class SigmoidAttentionReference implements ZooReference {

  @Override
  public String cascade() {
    return "sigmoid_attention";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        Map.of("H", 2L, "P", 29L, "M", 29L, "E", 8L, "F", 8L),
        Map.of("H", 3L, "P", 13L, "M", 19L, "E", 5L, "F", 7L),
        Map.of("H", 1L, "P", 17L, "M", 6L, "E", 3L, "F", 1L),
        Map.of("H", 2L, "P", 1L, "M", 1L, "E", 1L, "F", 2L));
  }

  /** The bias is that of the paper, -log M; slopes fall from head to head as in ALiBi. */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    double[] slope = new double[Math.toIntExact(shapes.get("H"))];
    for (int h = 0; h < slope.length; h++) {
      slope[h] = Math.pow(2, -8.0 * (h + 1) / slope.length) + 0.1 * random.nextDouble();
    }
    return Map.of("slope", slope, "bias", new double[] {-Math.log(shapes.get("M"))});
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int queries = Math.toIntExact(shapes.get("P"));
    int keys = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    int valueWidth = Math.toIntExact(shapes.get("F"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    double[] v = inputs.get("V");
    double[] slope = inputs.get("slope");
    double bias = inputs.get("bias")[0];
    double[] o = new double[heads * queries * valueWidth];
    for (int h = 0; h < heads; h++) {
      for (int p = 0; p < queries; p++) {
        for (int m = 0; m < keys && m <= p; m++) {
          double dot = 0;
          for (int e = 0; e < width; e++) {
            dot += q[(h * queries + p) * width + e] * k[(h * keys + m) * width + e];
          }
          double s = dot / Math.sqrt(width) + bias - slope[h] * (p - m);
          double a = 1 / (1 + Math.exp(-s));
          for (int f = 0; f < valueWidth; f++) {
            o[(h * queries + p) * valueWidth + f] += a * v[(h * keys + m) * valueWidth + f];
          }
        }
      }
    }
    return Map.of("O", o);
  }
}
