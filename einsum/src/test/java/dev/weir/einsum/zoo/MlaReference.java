package dev.weir.einsum.zoo;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Multi-head latent attention, as DeepSeek-V2 defines it before the weights are absorbed: keys
 * {@code k_m = [W_UK c_m; k_m^rope]} and values {@code v_m = W_UV c_m} are made from the latent
 * {@code c_m}, scores are scaled by {@code (d_nope + d_rope)^-0.5}. No norm of the latent.
 */
final class MlaReference implements ZooReference {

  @Override
  public String cascade() {
    return "mla";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(4, 1, 25, 8, 4, 16, 8),
        workload(3, 7, 7, 5, 3, 6, 2),
        workload(2, 6, 19, 3, 2, 11, 7),
        workload(1, 13, 14, 7, 1, 3, 5));
  }

  private static Map<String, Long> workload(
      long h, long p, long m, long n, long x, long r, long f) {
    return Map.of("H", h, "P", p, "M", m, "N", n, "X", x, "R", r, "F", f);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int queries = Math.toIntExact(shapes.get("P"));
    int keys = Math.toIntExact(shapes.get("M"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] y = new double[heads * queries * features];
    for (int h = 0; h < heads; h++) {
      double[] k = expand(h, Math.toIntExact(shapes.get("N")), shapes, inputs, "WUK");
      double[] v = expand(h, features, shapes, inputs, "WUV");
      for (int p = 0; p < queries; p++) {
        double[] weight = weights(h, p, k, shapes, inputs);
        for (int m = 0; m < keys; m++) {
          for (int f = 0; f < features; f++) {
            y[(h * queries + p) * features + f] += weight[m] * v[m * features + f];
          }
        }
      }
    }
    return Map.of("Y", y);
  }

  /** The latents of all keys times the matrix of one head: keys x width. */
  private static double[] expand(
      int h, int width, Map<String, Long> shapes, Map<String, double[]> inputs, String matrix) {
    int keys = Math.toIntExact(shapes.get("M"));
    int latent = Math.toIntExact(shapes.get("R"));
    double[] c = inputs.get("C");
    double[] w = inputs.get(matrix);
    double[] expanded = new double[keys * width];
    for (int m = 0; m < keys; m++) {
      for (int i = 0; i < width; i++) {
        for (int r = 0; r < latent; r++) {
          expanded[m * width + i] += w[(h * width + i) * latent + r] * c[m * latent + r];
        }
      }
    }
    return expanded;
  }

  /** Causal softmax over all keys for one query; the last query stands at the last key. */
  private static double[] weights(
      int h, int p, double[] k, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int queries = Math.toIntExact(shapes.get("P"));
    int keys = Math.toIntExact(shapes.get("M"));
    int nope = Math.toIntExact(shapes.get("N"));
    int rope = Math.toIntExact(shapes.get("X"));
    double[] qn = inputs.get("QN");
    double[] qr = inputs.get("QR");
    double[] kr = inputs.get("KR");
    double[] scores = new double[keys];
    Arrays.fill(scores, Double.NEGATIVE_INFINITY);
    int position = p + keys - queries;
    for (int m = 0; m <= position; m++) {
      double score = 0;
      for (int n = 0; n < nope; n++) {
        score += qn[(h * queries + p) * nope + n] * k[m * nope + n];
      }
      for (int x = 0; x < rope; x++) {
        score += qr[(h * queries + p) * rope + x] * kr[m * rope + x];
      }
      scores[m] = score / Math.sqrt(nope + rope);
    }
    return Softmax.of(scores);
  }
}
