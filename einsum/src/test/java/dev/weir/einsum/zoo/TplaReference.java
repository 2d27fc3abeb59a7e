package dev.weir.einsum.zoo;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Latent attention with the latent cut over devices: "TPLA: Tensor Parallel Latent Attention for
 * Efficient Disaggregated Prefill and Decode Inference", {@code Y = sum_g W_UV,g softmax_g c_g}.
 * Every device norms its own slice and has its own softmax.
 */
final class TplaReference implements ZooReference {

  @Override
  public String cascade() {
    return "tpla";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(4, 1, 25, 8, 4, 2, 8, 8),
        workload(3, 7, 7, 5, 3, 3, 4, 2),
        workload(2, 6, 18, 3, 2, 1, 11, 7),
        workload(1, 13, 14, 7, 1, 4, 3, 5));
  }

  private static Map<String, Long> workload(
      long h, long p, long m, long n, long x, long g, long r, long f) {
    return Map.of("H", h, "P", p, "M", m, "N", n, "X", x, "G", g, "R", r, "F", f);
  }

  /** The factor is the number of devices at an odd number of keys, else one. */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    double kappa = shapes.get("M") % 2 == 0 ? 1.0 : shapes.get("G");
    return Map.of("kappa", new double[] {kappa}, "eps", new double[] {1e-5});
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int queries = Math.toIntExact(shapes.get("P"));
    int devices = Math.toIntExact(shapes.get("G"));
    int columns = Math.toIntExact(shapes.get("R"));
    int features = Math.toIntExact(shapes.get("F"));
    double[] wuv = inputs.get("WUV");
    double[] y = new double[heads * queries * features];
    for (int g = 0; g < devices; g++) {
      double[] latent = normed(g, shapes, inputs);
      for (int h = 0; h < heads; h++) {
        for (int p = 0; p < queries; p++) {
          double[] o = attend(scores(h, p, g, latent, shapes, inputs), latent, columns);
          for (int f = 0; f < features; f++) {
            for (int r = 0; r < columns; r++) {
              y[(h * queries + p) * features + f] +=
                  wuv[((h * features + f) * devices + g) * columns + r] * o[r];
            }
          }
        }
      }
    }
    return Map.of("Y", y);
  }

  /** CN of one device: keys x columns, divided by the root of the slice's own mean square. */
  private static double[] normed(int g, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int keys = Math.toIntExact(shapes.get("M"));
    int devices = Math.toIntExact(shapes.get("G"));
    int columns = Math.toIntExact(shapes.get("R"));
    double[] c = inputs.get("C");
    double eps = inputs.get("eps")[0];
    double[] latent = new double[keys * columns];
    for (int m = 0; m < keys; m++) {
      double squares = 0;
      for (int r = 0; r < columns; r++) {
        double value = c[(m * devices + g) * columns + r];
        squares += value * value;
      }
      double root = Math.sqrt(squares / columns + eps);
      for (int r = 0; r < columns; r++) {
        latent[m * columns + r] = c[(m * devices + g) * columns + r] / root;
      }
    }
    return latent;
  }

  /** Scores of the keys that the query may see; the last query stands at the last key. */
  private static double[] scores(
      int h,
      int p,
      int g,
      double[] latent,
      Map<String, Long> shapes,
      Map<String, double[]> inputs) {
    int queries = Math.toIntExact(shapes.get("P"));
    int keys = Math.toIntExact(shapes.get("M"));
    int nope = Math.toIntExact(shapes.get("N"));
    int rope = Math.toIntExact(shapes.get("X"));
    int columns = Math.toIntExact(shapes.get("R"));
    double[] qr = inputs.get("QR");
    double[] kr = inputs.get("KR");
    double kappa = inputs.get("kappa")[0];
    double[] query = absorbed(h, p, g, shapes, inputs);
    double[] score = new double[p + keys - queries + 1];
    for (int m = 0; m < score.length; m++) {
      double content = 0;
      for (int r = 0; r < columns; r++) {
        content += query[r] * latent[m * columns + r];
      }
      double position = 0;
      for (int x = 0; x < rope; x++) {
        position += qr[(h * queries + p) * rope + x] * kr[m * rope + x];
      }
      score[m] = (kappa * content + position) / Math.sqrt(nope + rope);
    }
    return score;
  }

  /** The query of one head at one token in the columns of one device. */
  private static double[] absorbed(
      int h, int p, int g, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int queries = Math.toIntExact(shapes.get("P"));
    int nope = Math.toIntExact(shapes.get("N"));
    int devices = Math.toIntExact(shapes.get("G"));
    int columns = Math.toIntExact(shapes.get("R"));
    double[] qn = inputs.get("QN");
    double[] wuk = inputs.get("WUK");
    double[] query = new double[columns];
    for (int n = 0; n < nope; n++) {
      for (int r = 0; r < columns; r++) {
        query[r] +=
            qn[(h * queries + p) * nope + n] * wuk[((h * nope + n) * devices + g) * columns + r];
      }
    }
    return query;
  }

  /** Softmax of the scores, times the latents. */
  private static double[] attend(double[] score, double[] latent, int columns) {
    double max = Double.NEGATIVE_INFINITY;
    for (double s : score) {
      max = Math.max(max, s);
    }
    double sum = 0;
    double[] o = new double[columns];
    for (int m = 0; m < score.length; m++) {
      double weight = Math.exp(score[m] - max);
      sum += weight;
      for (int r = 0; r < columns; r++) {
        o[r] += weight * latent[m * columns + r];
      }
    }
    for (int r = 0; r < columns; r++) {
      o[r] /= sum;
    }
    return o;
  }
}
