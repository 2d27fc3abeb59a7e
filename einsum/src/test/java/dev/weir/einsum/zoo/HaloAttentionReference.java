package dev.weir.einsum.zoo;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Vaswani et al., "Scaling Local Self-Attention for Parameter Efficient Visual Backbones"
 * (HaloNet): the queries of a block of I x J pixels attend to the block and a halo of O pixels
 * around it, with logits q.k + q.Rh[jy - iy + U - 1] + q.Rw[jx - ix + V - 1], q scaled first, and
 * no key outside the image.
 */
final class HaloAttentionReference implements ZooReference {

  @Override
  public String cascade() {
    return "halo_attention";
  }

  @Override
  public List<Map<String, Long>> workloads() {
    return List.of(
        workload(2, new long[] {2, 2}, new long[] {4, 4}, 1, 8, 8),
        workload(1, new long[] {2, 3}, new long[] {3, 2}, 1, 5, 3),
        workload(2, new long[] {3, 1}, new long[] {2, 5}, 3, 3, 4),
        workload(1, new long[] {1, 1}, new long[] {3, 1}, 2, 1, 1),
        workload(3, new long[] {2, 2}, new long[] {1, 3}, 2, 2, 5));
  }

  private static Map<String, Long> workload(
      long heads, long[] blocks, long[] block, long halo, long width, long valueWidth) {
    return Map.of(
        "H",
        heads,
        "Yb",
        blocks[0],
        "Xb",
        blocks[1],
        "I",
        block[0],
        "J",
        block[1],
        "O",
        halo,
        "E",
        width,
        "F",
        valueWidth);
  }

  @Override
  public Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs) {
    Layer layer = new Layer(shapes, inputs);
    int at = 0;
    double[] z = new double[layer.heads * layer.height * layer.width * layer.valueFeatures];
    for (int h = 0; h < layer.heads; h++) {
      for (int yb = 0; yb < layer.rowsOfBlocks; yb++) {
        for (int xb = 0; xb < layer.columnsOfBlocks; xb++) {
          for (int iy = 0; iy < layer.blockHeight; iy++) {
            for (int ix = 0; ix < layer.blockWidth; ix++) {
              double[] row = layer.attend(h, yb, xb, iy, ix);
              System.arraycopy(row, 0, z, at, row.length);
              at += row.length;
            }
          }
        }
      }
    }
    return Map.of("Z", z);
  }

  /** Shapes and inputs under the names of the paper. */
  private static final class Layer {
    private final int heads;
    private final int rowsOfBlocks;
    private final int columnsOfBlocks;
    private final int blockHeight;
    private final int blockWidth;
    private final int halo;
    private final int windowHeight;
    private final int windowWidth;
    private final int height;
    private final int width;
    private final int features;
    private final int valueFeatures;
    private final double[] q;
    private final double[] k;
    private final double[] w;
    private final double[] rh;
    private final double[] rw;

    Layer(Map<String, Long> shapes, Map<String, double[]> inputs) {
      heads = Math.toIntExact(shapes.get("H"));
      rowsOfBlocks = Math.toIntExact(shapes.get("Yb"));
      columnsOfBlocks = Math.toIntExact(shapes.get("Xb"));
      blockHeight = Math.toIntExact(shapes.get("I"));
      blockWidth = Math.toIntExact(shapes.get("J"));
      halo = Math.toIntExact(shapes.get("O"));
      features = Math.toIntExact(shapes.get("E"));
      valueFeatures = Math.toIntExact(shapes.get("F"));
      windowHeight = blockHeight + 2 * halo;
      windowWidth = blockWidth + 2 * halo;
      height = rowsOfBlocks * blockHeight;
      width = columnsOfBlocks * blockWidth;
      q = inputs.get("Q");
      k = inputs.get("K");
      w = inputs.get("W");
      rh = inputs.get("Rh");
      rw = inputs.get("Rw");
    }

    /** The output of the query in row iy and column ix of a block. */
    double[] attend(int h, int yb, int xb, int iy, int ix) {
      int query = pixel(h, yb * blockHeight + iy, xb * blockWidth + ix);
      double[] s = new double[windowHeight * windowWidth];
      Arrays.fill(s, Double.NEGATIVE_INFINITY);
      int top = yb * blockHeight - halo;
      int left = xb * blockWidth - halo;
      for (int jy = 0; jy < windowHeight; jy++) {
        for (int jx = 0; jx < windowWidth; jx++) {
          if (inside(top + jy, left + jx)) {
            int row = jy - iy + windowHeight - 1;
            int column = jx - ix + windowWidth - 1;
            int key = pixel(h, top + jy, left + jx);
            s[jy * windowWidth + jx] = logit(query, key, row, column);
          }
        }
      }
      double[] a = Softmax.of(s);
      double[] z = new double[valueFeatures];
      for (int jy = 0; jy < windowHeight; jy++) {
        for (int jx = 0; jx < windowWidth; jx++) {
          if (inside(top + jy, left + jx)) {
            int key = pixel(h, top + jy, left + jx);
            for (int f = 0; f < valueFeatures; f++) {
              z[f] += a[jy * windowWidth + jx] * w[key * valueFeatures + f];
            }
          }
        }
      }
      return z;
    }

    private double logit(int query, int key, int row, int column) {
      double content = 0;
      double vertical = 0;
      double horizontal = 0;
      for (int e = 0; e < features; e++) {
        double scaled = q[query * features + e] / Math.sqrt(features);
        content += scaled * k[key * features + e];
        vertical += scaled * rh[row * features + e];
        horizontal += scaled * rw[column * features + e];
      }
      return content + vertical + horizontal;
    }

    private boolean inside(int y, int x) {
      return y >= 0 && y < height && x >= 0 && x < width;
    }

    private int pixel(int h, int y, int x) {
      return (h * height + y) * width + x;
    }
  }
}
