package dev.weir.einsum.eval;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Part of a matrix, small enough for a cache. Each row is a matrix of its own, as in {@link Row}:
 * EJML adds such rows with vector instructions, three times as fast as it multiplies whole
 * matrices.
 */
final class Tile {

  /** What a tile of operands held. */
  enum Content {
    FULL,
    SOME_ABSENT,
    NOT_FINITE
  }

  private final DMatrixRMaj[] rows;
  private int height;
  private int width;

  Tile(int mostRows, int mostColumns) {
    this.rows = new DMatrixRMaj[mostRows];
    Arrays.setAll(rows, i -> new DMatrixRMaj(1, mostColumns));
  }

  /** The values of a row, at the beginning of an array. */
  double[] row(int row) {
    return rows[row].data;
  }

  void clear(int newHeight, int newWidth) {
    resize(newHeight, newWidth);
    for (int i = 0; i < height; i++) {
      rows[i].zero();
    }
  }

  private void resize(int newHeight, int newWidth) {
    height = newHeight;
    width = newWidth;
    for (int i = 0; i < height; i++) {
      rows[i].reshape(1, width);
    }
  }

  /** Copies values, each place being the sum of a base, one of its row and one of its column. */
  void read(double[] values, int base, Places down, Places across) {
    resize(down.length(), across.length());
    if (across.areConsecutive()) {
      for (int i = 0; i < height; i++) {
        System.arraycopy(values, base + down.at(i) + across.at(0), row(i), 0, width);
      }
    } else if (across.distance() > down.distance()) {
      for (int j = 0; j < width; j++) {
        int column = base + across.at(j);
        for (int i = 0; i < height; i++) {
          row(i)[j] = values[column + down.at(i)];
        }
      }
    } else {
      for (int i = 0; i < height; i++) {
        int place = base + down.at(i);
        double[] row = row(i);
        for (int j = 0; j < width; j++) {
          row[j] = values[place + across.at(j)];
        }
      }
    }
  }

  /** Puts 0 where a value is absent, unless one that is present is not finite. */
  Content replaceAbsent(double empty) {
    boolean isFull = true;
    for (int i = 0; i < height; i++) {
      double[] row = row(i);
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
      double[] row = row(i);
      for (int j = 0; j < width; j++) {
        row[j] = row[j] == empty ? 0 : 1;
      }
    }
  }

  /** Adds the product of two matrices, summed in the order of the columns of the left one. */
  void addProduct(Tile left, Tile right) {
    for (int i = 0; i < height; i++) {
      double[] factors = left.row(i);
      for (int k = 0; k < left.width; k++) {
        CommonOps_DDRM.addEquals(rows[i], factors[k], right.rows[k]);
      }
    }
  }
}
