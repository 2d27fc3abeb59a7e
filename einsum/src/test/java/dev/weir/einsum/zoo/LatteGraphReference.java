package dev.weir.einsum.zoo;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Attention over the edges of a graph with several relations: "Layer-stacked Attention for
 * Heterogeneous Network Embedding" (LATTE), first-order layer. The score of edge {@code (i, j)} is
 * {@code c_r * leaky(a_l.L_i + a_r.R_j)}, its softmax runs over the neighbours of {@code i}, and
 * {@code h_i = relu(sum_r beta_ir E_r[i] + beta_i,self L_i)}, without the layer norm.
 */
final class LatteGraphReference implements ZooReference {

  private static final double SLOPE = 0.2;

  @Override
  public String cascade() {
    return "latte_graph";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        Map.of("R", 3L, "N", 21L, "D", 30L, "H", 2L, "K", 4L),
        Map.of("R", 2L, "N", 7L, "D", 11L, "H", 3L, "K", 5L),
        Map.of("R", 1L, "N", 5L, "D", 23L, "H", 1L, "K", 3L),
        Map.of("R", 4L, "N", 13L, "D", 17L, "H", 1L, "K", 7L));
  }

  @Override
  public Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    int relations = Math.toIntExact(shapes.get("R"));
    int nodes = Math.toIntExact(shapes.get("N"));
    int edges = Math.toIntExact(shapes.get("D"));
    double[] src = new double[relations * edges];
    double[] dst = new double[relations * edges];
    Arrays.fill(src, -1);
    Arrays.fill(dst, -1);
    for (int r = 0; r < relations; r++) {
      // The first relation fills its list; the others leave padding, possibly nothing else.
      int live = r == 0 ? edges : random.nextInt(edges + 1);
      for (int d = 0; d < live; d++) {
        src[r * edges + d] = random.nextInt(nodes);
        dst[r * edges + d] = random.nextInt(nodes);
      }
    }
    int slots = relations + 1;
    double[] beta = new double[nodes * slots];
    for (int n = 0; n < nodes; n++) {
      double sum = 0;
      for (int s = 0; s < slots; s++) {
        beta[n * slots + s] = 0.05 + random.nextDouble();
        sum += beta[n * slots + s];
      }
      for (int s = 0; s < slots; s++) {
        beta[n * slots + s] /= sum;
      }
    }
    return Map.of("Src", src, "Dst", dst, "Beta", beta);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int relations = Math.toIntExact(shapes.get("R"));
    int nodes = Math.toIntExact(shapes.get("N"));
    int edges = Math.toIntExact(shapes.get("D"));
    int heads = Math.toIntExact(shapes.get("H"));
    int width = Math.toIntExact(shapes.get("K"));
    double[] left = inputs.get("L");
    double[] right = inputs.get("RR");
    double[] beta = inputs.get("Beta");
    double[] src = inputs.get("Src");
    double[] dst = inputs.get("Dst");
    double[] z = new double[heads * nodes * width];
    for (int h = 0; h < heads; h++) {
      for (int n = 0; n < nodes; n++) {
        int to = (h * nodes + n) * width;
        for (int r = 0; r < relations; r++) {
          double[] weights = weights(r, h, n, shapes, inputs);
          for (int d = 0; d < edges; d++) {
            if ((int) src[r * edges + d] == n) {
              int j = (int) dst[r * edges + d];
              int from = ((r * heads + h) * nodes + j) * width;
              for (int k = 0; k < width; k++) {
                z[to + k] += beta[n * (relations + 1) + r] * weights[d] * right[from + k];
              }
            }
          }
        }
        for (int k = 0; k < width; k++) {
          double self = beta[n * (relations + 1) + relations] * left[to + k];
          z[to + k] = Math.max(0, z[to + k] + self);
        }
      }
    }
    return Map.of("Z", z);
  }

  /** Softmax over the edges of relation r that leave node n; 0 at all other edges. */
  private static double[] weights(
      int r, int h, int n, Map<String, Long> shapes, Map<String, double[]> inputs) {
    int nodes = Math.toIntExact(shapes.get("N"));
    int edges = Math.toIntExact(shapes.get("D"));
    int heads = Math.toIntExact(shapes.get("H"));
    int width = Math.toIntExact(shapes.get("K"));
    double[] src = inputs.get("Src");
    double[] dst = inputs.get("Dst");
    double[] score = new double[edges];
    double max = Double.NEGATIVE_INFINITY;
    for (int d = 0; d < edges; d++) {
      score[d] = Double.NEGATIVE_INFINITY;
      if ((int) src[r * edges + d] == n) {
        int j = (int) dst[r * edges + d];
        double x = 0;
        for (int k = 0; k < width; k++) {
          int a = (r * heads + h) * width + k;
          x += inputs.get("AL")[a] * inputs.get("L")[(h * nodes + n) * width + k];
          x += inputs.get("AR")[a] * inputs.get("RR")[((r * heads + h) * nodes + j) * width + k];
        }
        score[d] = inputs.get("C")[r] * (x >= 0 ? x : SLOPE * x);
        max = Math.max(max, score[d]);
      }
    }
    double[] weight = new double[edges];
    if (max == Double.NEGATIVE_INFINITY) {
      return weight;
    }
    double sum = 0;
    for (int d = 0; d < edges; d++) {
      weight[d] = Math.exp(score[d] - max);
      sum += weight[d];
    }
    for (int d = 0; d < edges; d++) {
      weight[d] /= sum;
    }
    return weight;
  }
}
