package dev.weir.einsum.zoo;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * "RCMHA: Relative Convolutional Multi-Head Attention": queries, keys and values go through a
 * causal depth-wise convolution q'_p = sum over r of wq_r q_(p+r-2) + cq, then the scores of
 * Transformer-XL ((q'_p + u) . k'_m + q'_p . R[m-mem-p] + beta[m-mem-p]) / sqrt(E), with tables
 * whose centre is P0.
 */
final class RcmhaReference implements ZooReference {

  @Override
  public String cascade() {
    return "rcmha";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(2, 10, 6, 8, 17, 35),
        workload(3, 13, 5, 5, 18, 37),
        workload(1, 7, 11, 3, 25, 49),
        workload(2, 1, 4, 4, 5, 11),
        workload(2, 2, 1, 1, 3, 7));
  }

  private static Map<String, Long> workload(
      long heads, long queries, long memory, long width, long centre, long table) {
    return Map.of(
        "H", heads,
        "P", queries,
        "M", queries + memory,
        "E", width,
        "W", 3L,
        "T", table,
        "MEM", memory,
        "P0", centre);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int queries = Math.toIntExact(shapes.get("P"));
    int keys = Math.toIntExact(shapes.get("M"));
    int width = Math.toIntExact(shapes.get("E"));
    int taps = Math.toIntExact(shapes.get("W"));
    int mem = Math.toIntExact(shapes.get("MEM"));
    int centre = Math.toIntExact(shapes.get("P0"));
    double[] q = convolved(inputs.get("Q"), inputs.get("WQ"), inputs.get("CQ"), queries, taps);
    double[] k = convolved(inputs.get("K"), inputs.get("WK"), inputs.get("CK"), keys, taps);
    double[] v = convolved(inputs.get("V"), inputs.get("WV"), inputs.get("CV"), keys, taps);
    double[] u = inputs.get("U");
    double[] r = inputs.get("R");
    double[] beta = inputs.get("RB");
    double[] o = new double[heads * queries * width];
    for (int h = 0; h < heads; h++) {
      for (int p = 0; p < queries; p++) {
        double[] s = new double[keys];
        Arrays.fill(s, Double.NEGATIVE_INFINITY);
        for (int m = 0; m < keys && m <= p + mem; m++) {
          int entry = (centre + m - mem - p) * heads + h;
          double content = 0;
          double position = 0;
          for (int e = 0; e < width; e++) {
            double qe = q[(h * queries + p) * width + e];
            content += (qe + u[h * width + e]) * k[(h * keys + m) * width + e];
            position += qe * r[entry * width + e];
          }
          s[m] = (content + position + beta[entry]) / Math.sqrt(width);
        }
        double[] a = Softmax.of(s);
        for (int m = 0; m < keys; m++) {
          for (int e = 0; e < width; e++) {
            o[(h * queries + p) * width + e] += a[m] * v[(h * keys + m) * width + e];
          }
        }
      }
    }
    return Map.of("O", o);
  }

  /**
   * A causal convolution along positions, one kernel a feature and the same for all heads.
   *
   * @param x heads, positions, features
   * @param kernel features, taps; the last tap meets the position itself
   * @param bias features
   */
  private static double[] convolved(
      double[] x, double[] kernel, double[] bias, int positions, int taps) {
    int width = bias.length;
    int heads = x.length / (positions * width);
    double[] y = new double[x.length];
    for (int h = 0; h < heads; h++) {
      for (int p = 0; p < positions; p++) {
        for (int e = 0; e < width; e++) {
          double sum = bias[e];
          for (int r = 0; r < taps; r++) {
            int from = p + r - (taps - 1);
            if (from >= 0) {
              sum += kernel[e * taps + r] * x[(h * positions + from) * width + e];
            }
          }
          y[(h * positions + p) * width + e] = sum;
        }
      }
    }
    return y;
  }
}
