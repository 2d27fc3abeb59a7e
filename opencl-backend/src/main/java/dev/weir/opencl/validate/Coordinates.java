package dev.weir.opencl.validate;

import java.util.function.Consumer;

/** Visits the points of a tensor. */
final class Coordinates {

  private Coordinates() {}

  /** Every point in row-major order; the array is the same each time. */
  static void forEach(long[] shape, Consumer<long[]> visitor) {
    long[] at = new long[shape.length];
    long points = 1;
    for (long extent : shape) {
      points = Math.multiplyExact(points, extent);
    }
    for (long point = 0; point < points; point++) {
      visitor.accept(at);
      int rank = shape.length - 1;
      while (rank >= 0 && ++at[rank] == shape[rank]) {
        at[rank--] = 0;
      }
    }
  }

  /** Place of a point in row-major order. */
  static int offset(long[] shape, long[] at) {
    long offset = 0;
    for (int i = 0; i < shape.length; i++) {
      offset = offset * shape[i] + at[i];
    }
    return Math.toIntExact(offset);
  }
}
