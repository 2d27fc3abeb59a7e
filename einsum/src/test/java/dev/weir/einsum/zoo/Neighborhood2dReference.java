package dev.weir.einsum.zoo;

import java.util.List;
import java.util.Map;

/**
 * Hassani et al., "Faster Neighborhood Attention", in two dimensions: softmax attention of a pixel
 * over a window of U x V pixels whose start is clamped so that the window stays inside the image.
 * With a dilation, an axis falls apart into residue classes and the rule holds inside each.
 */
final class Neighborhood2dReference implements ZooReference {

  @Override
  public String cascade() {
    return "neighborhood_2d";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(2, new long[] {9, 8}, new long[] {3, 5}, new long[] {1, 1}, 4, 3),
        workload(1, new long[] {11, 10}, new long[] {3, 5}, new long[] {2, 2}, 5, 2),
        workload(2, new long[] {7, 11}, new long[] {5, 3}, new long[] {1, 2}, 3, 4),
        workload(1, new long[] {10, 7}, new long[] {3, 1}, new long[] {3, 1}, 2, 5),
        workload(3, new long[] {3, 6}, new long[] {3, 3}, new long[] {1, 2}, 1, 1));
  }

  private static Map<String, Long> workload(
      long heads, long[] image, long[] window, long[] dilation, long width, long valueWidth) {
    return Map.of(
        "H", heads,
        "Y", image[0],
        "X", image[1],
        "U", window[0],
        "V", window[1],
        "DY", dilation[0],
        "DX", dilation[1],
        "E", width,
        "F", valueWidth);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    int heads = Math.toIntExact(shapes.get("H"));
    int height = Math.toIntExact(shapes.get("Y"));
    int width = Math.toIntExact(shapes.get("X"));
    int wy = Math.toIntExact(shapes.get("U"));
    int wx = Math.toIntExact(shapes.get("V"));
    int dy = Math.toIntExact(shapes.get("DY"));
    int dx = Math.toIntExact(shapes.get("DX"));
    int features = Math.toIntExact(shapes.get("E"));
    int valueFeatures = Math.toIntExact(shapes.get("F"));
    double[] q = inputs.get("Q");
    double[] k = inputs.get("K");
    double[] vv = inputs.get("VV");
    double[] o = new double[heads * height * width * valueFeatures];
    for (int h = 0; h < heads; h++) {
      for (int y = 0; y < height; y++) {
        int[] rows = neighbours(y, height, wy, dy);
        for (int x = 0; x < width; x++) {
          int[] columns = neighbours(x, width, wx, dx);
          int query = (h * height + y) * width + x;
          double[] s = new double[wy * wx];
          for (int u = 0; u < wy; u++) {
            for (int v = 0; v < wx; v++) {
              int key = (h * height + rows[u]) * width + columns[v];
              for (int e = 0; e < features; e++) {
                s[u * wx + v] += q[query * features + e] * k[key * features + e];
              }
              s[u * wx + v] /= Math.sqrt(features);
            }
          }
          double[] a = Softmax.of(s);
          for (int u = 0; u < wy; u++) {
            for (int v = 0; v < wx; v++) {
              int key = (h * height + rows[u]) * width + columns[v];
              for (int f = 0; f < valueFeatures; f++) {
                o[query * valueFeatures + f] += a[u * wx + v] * vv[key * valueFeatures + f];
              }
            }
          }
        }
      }
    }
    return Map.of("O", o);
  }

  /** Coordinates along one axis of those that position i attends to. */
  private static int[] neighbours(int i, int length, int window, int dilation) {
    int residue = i % dilation;
    int member = i / dilation;
    int members = Math.ceilDiv(length - residue, dilation);
    int start = Math.clamp(member - window / 2, 0, members - window);
    int[] coordinates = new int[window];
    for (int t = 0; t < window; t++) {
      coordinates[t] = (start + t) * dilation + residue;
    }
    return coordinates;
  }
}
