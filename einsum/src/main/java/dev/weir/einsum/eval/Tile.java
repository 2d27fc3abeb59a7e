package dev.weir.einsum.eval;

import java.util.Arrays;

/**
 * Part of a matrix, small enough for a cache. Each row is an array of its own, so that all begin at
 * place 0: see {@link Row}.
 */
final class Tile {

  /** What a tile of operands held. */
  enum Content {
    FULL,
    SOME_ABSENT,
    NOT_FINITE
  }

  private final double[][] rows;
  private int height;
  private int width;

  Tile(int mostRows, int mostColumns) {
    this.rows = new double[mostRows][mostColumns];
  }

  double[] row(int row) {
    return rows[row];
  }

  void clear(int newHeight, int newWidth) {
    height = newHeight;
    width = newWidth;
    for (int i = 0; i < height; i++) {
      Arrays.fill(rows[i], 0, width, 0);
    }
  }

  /** Copies values, each place being the sum of a base, one of its row and one of its column. */
  void read(double[] values, int base, Places down, Places across) {
    height = down.length();
    width = across.length();
    if (across.areConsecutive()) {
      for (int i = 0; i < height; i++) {
        System.arraycopy(values, base + down.at(i) + across.at(0), rows[i], 0, width);
      }
    } else if (across.distance() > down.distance()) {
      for (int j = 0; j < width; j++) {
        int column = base + across.at(j);
        for (int i = 0; i < height; i++) {
          rows[i][j] = values[column + down.at(i)];
        }
      }
    } else {
      for (int i = 0; i < height; i++) {
        int row = base + down.at(i);
        for (int j = 0; j < width; j++) {
          rows[i][j] = values[row + across.at(j)];
        }
      }
    }
  }

  /** Puts 0 where a value is absent, unless one that is present is not finite. */
  Content replaceAbsent(double empty) {
    boolean isFull = true;
    for (int i = 0; i < height; i++) {
      double[] row = rows[i];
      for (int j = 0; j < width; j++) {
        if (row[j] == empty) {
          row[j] = 0;
          isFull = false;
        } else if (!Double.isFinite(row[j])) {
          return Content.NOT_FINITE;
        }
      }
    }
    return isFull ? Content.FULL : Content.SOME_ABSENT;
  }

  /** Puts 1 where a value is present, 0 where it is absent. */
  void markPresent(double empty) {
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        rows[i][j] = rows[i][j] == empty ? 0 : 1;
      }
    }
  }

  /** Adds the product of two matrices, summed in the order of the columns of the left one. */
  void addProduct(Tile left, Tile right) {
    int depth = left.width;
    for (int i = 0; i < height; i++) {
      double[] a = left.rows[i];
      int k = 0;
      for (; k + 3 < depth; k += 4) {
        add(a, k, right.rows, rows[i], width);
      }
      for (; k < depth; k++) {
        add(a[k], right.rows[k], rows[i], width);
      }
    }
  }

  /** Four at once spare three quarters of the reads and writes of the sums. */
  private static void add(double[] a, int k, double[][] b, double[] sums, int width) {
    double a0 = a[k];
    double a1 = a[k + 1];
    double a2 = a[k + 2];
    double a3 = a[k + 3];
    double[] b0 = b[k];
    double[] b1 = b[k + 1];
    double[] b2 = b[k + 2];
    double[] b3 = b[k + 3];
    for (int j = 0; j < width; j++) {
      sums[j] = (((sums[j] + a0 * b0[j]) + a1 * b1[j]) + a2 * b2[j]) + a3 * b3[j];
    }
  }

  private static void add(double a, double[] b, double[] sums, int width) {
    for (int j = 0; j < width; j++) {
      sums[j] += a * b[j];
    }
  }
}
