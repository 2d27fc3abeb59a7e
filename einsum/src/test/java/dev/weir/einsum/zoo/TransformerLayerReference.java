package dev.weir.einsum.zoo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One pre-norm layer of a decoder: "Attention Is All You Need" with the normalisation of "Root Mean
 * Square Layer Normalization" before each half and the feed-forward half of "GLU Variants Improve
 * Transformer" (SwiGLU). For a token p, with x its row of X:
 *
 * <ul>
 *   <li>{@code rms(x)[d] = x[d] / sqrt(mean over d of x[d]^2 + 1e-5)}, and {@code h1 = rms(x) * G1}
 *   <li>{@code q[h,e] = sum over d of h1[d] WQ[h,e,d]}; k likewise with WK, v with WV over f
 *   <li>{@code a[h,p,m] = softmax over m <= p of E^-0.5 * sum over e of q[h,p,e] k[h,m,e]}; the
 *       keys are the P tokens themselves, a token's own included
 *   <li>{@code x1[d] = x[d] + sum over h, f of (sum over m of a[h,p,m] v[h,m,f]) WO[d,h,f]}
 *   <li>{@code h2 = rms(x1) * G2}, and {@code u[n] = silu(sum over d of h2[d] WG[n,d]) * sum over d
 *       of h2[d] WU[n,d]} with {@code silu(z) = z / (1 + exp(-z))}
 *   <li>{@code y[d] = x1[d] + sum over n of u[n] WD[d,n]}
 * </ul>
 *
 * <p>Inputs X[P,D], G1[D], WQ[H,E,D], WK[H,E,D], WV[H,F,D], WO[D,H,F], G2[D], WG[N,D], WU[N,D],
 * WD[D,N]; output Y[P,D]. Nothing has a bias and no position is encoded.
 */
final class TransformerLayerReference implements ZooReference {

  private static final double EPSILON = 1e-5;

  @Override
  public String cascade() {
    return "transformer_layer";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(8, 16, 4, 4, 4, 32),
        workload(7, 10, 2, 5, 3, 11),
        workload(1, 6, 3, 2, 4, 5),
        workload(13, 9, 1, 7, 8, 3));
  }

  private static Map<String, Long> workload(long p, long d, long h, long e, long f, long n) {
    return Map.of("P", p, "D", d, "H", h, "E", e, "F", f, "N", n);
  }

  /** Weights as small as a layer is initialised with, so that no softmax picks a single token. */
  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    long d = shapes.get("D");
    long n = shapes.get("N");
    long queries = shapes.get("H") * shapes.get("E");
    long values = shapes.get("H") * shapes.get("F");
    Map<String, double[]> weights = new HashMap<>();
    weights.put("WQ", weights(queries * d, d, random));
    weights.put("WK", weights(queries * d, d, random));
    weights.put("WV", weights(values * d, d, random));
    weights.put("WO", weights(d * values, values, random));
    weights.put("WG", weights(n * d, d, random));
    weights.put("WU", weights(n * d, d, random));
    weights.put("WD", weights(d * n, n, random));
    return weights;
  }

  private static double[] weights(long size, long summed, Random random) {
    double scale = Math.sqrt(3.0 / summed);
    return random.doubles(size, -scale, scale).toArray();
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int tokens = Math.toIntExact(shapes.get("P"));
    double[][] x = rows(inputs.get("X"), tokens);
    double[][] first = new double[tokens][];
    for (int p = 0; p < tokens; p++) {
      first[p] = normalised(x[p], inputs.get("G1"));
    }
    double[][] attended = attention(first, shapes, inputs);
    double[] y = new double[inputs.get("X").length];
    for (int p = 0; p < tokens; p++) {
      double[] middle = sum(x[p], product(inputs.get("WO"), attended[p]));
      double[] second = normalised(middle, inputs.get("G2"));
      double[] last = sum(middle, product(inputs.get("WD"), gated(second, inputs)));
      System.arraycopy(last, 0, y, p * last.length, last.length);
    }
    return Map.of("Y", y);
  }

  /** What the heads bring together for each token, heads outside and features inside. */
  private static double[][] attention(
      double[][] tokens, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int width = Math.toIntExact(shapes.get("E"));
    int features = Math.toIntExact(shapes.get("F"));
    int count = tokens.length;
    double[][] q = new double[count][];
    double[][] k = new double[count][];
    double[][] v = new double[count][];
    for (int p = 0; p < count; p++) {
      q[p] = product(inputs.get("WQ"), tokens[p]);
      k[p] = product(inputs.get("WK"), tokens[p]);
      v[p] = product(inputs.get("WV"), tokens[p]);
    }
    double[][] attended = new double[count][heads * features];
    for (int h = 0; h < heads; h++) {
      for (int p = 0; p < count; p++) {
        double[] score = new double[p + 1];
        for (int m = 0; m <= p; m++) {
          for (int e = h * width; e < (h + 1) * width; e++) {
            score[m] += q[p][e] * k[m][e] / Math.sqrt(width);
          }
        }
        double[] weight = Softmax.of(score);
        for (int m = 0; m <= p; m++) {
          for (int f = h * features; f < (h + 1) * features; f++) {
            attended[p][f] += weight[m] * v[m][f];
          }
        }
      }
    }
    return attended;
  }

  private static double[] gated(double[] token, Map<String, double[]> inputs) {
    double[] gate = product(inputs.get("WG"), token);
    double[] up = product(inputs.get("WU"), token);
    double[] hidden = new double[gate.length];
    for (int n = 0; n < hidden.length; n++) {
      hidden[n] = gate[n] / (1 + Math.exp(-gate[n])) * up[n];
    }
    return hidden;
  }

  private static double[] normalised(double[] token, double[] gain) {
    double squares = 0;
    for (double value : token) {
      squares += value * value;
    }
    double root = Math.sqrt(squares / token.length + EPSILON);
    double[] result = new double[token.length];
    for (int d = 0; d < token.length; d++) {
      result[d] = token[d] / root * gain[d];
    }
    return result;
  }

  /** A row-major matrix, as wide as the vector is long, times the vector. */
  private static double[] product(double[] matrix, double[] vector) {
    double[] result = new double[matrix.length / vector.length];
    for (int row = 0; row < result.length; row++) {
      for (int column = 0; column < vector.length; column++) {
        result[row] += matrix[row * vector.length + column] * vector[column];
      }
    }
    return result;
  }

  private static double[] sum(double[] one, double[] other) {
    double[] result = new double[one.length];
    for (int i = 0; i < one.length; i++) {
      result[i] = one[i] + other[i];
    }
    return result;
  }

  private static double[][] rows(double[] values, int count) {
    int width = values.length / count;
    double[][] rows = new double[count][width];
    for (int row = 0; row < count; row++) {
      System.arraycopy(values, row * width, rows[row], 0, width);
    }
    return rows;
  }
}
