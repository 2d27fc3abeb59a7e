package dev.weir.einsum.eval;

import java.util.Arrays;

/** Values of a tensor in row-major order; every point starts as the empty value. */
public final class DenseTensor {

  private final long[] shape;
  private final double[] values;
  private final double empty;

  /**
   * A tensor of empty points.
   *
   * @param shape elements a rank; not modified
   * @param empty value of a point that nothing was written to
   */
  public DenseTensor(long[] shape, double empty) {
    this.shape = shape.clone();
    this.empty = empty;
    long size = 1;
    for (long extent : shape) {
      size = Math.multiplyExact(size, extent);
    }
    this.values = new double[Math.toIntExact(size)];
    if (Double.doubleToRawLongBits(empty) != 0) {
      Arrays.fill(values, empty);
    }
  }

  /**
   * A tensor of given values.
   *
   * @param shape elements a rank; not modified
   * @param empty value of a point that nothing was written to
   * @param values in row-major order; not modified
   */
  public DenseTensor(long[] shape, double empty, double[] values) {
    this(shape, empty);
    if (values.length != this.values.length) {
      throw new IllegalArgumentException(
          "%d values for a tensor of shape %s".formatted(values.length, Arrays.toString(shape)));
    }
    System.arraycopy(values, 0, this.values, 0, values.length);
  }

  /** Value at a coordinate; the empty value outside the shape. Coordinate not modified. */
  public double get(long... coordinate) {
    int at = offset(coordinate);
    return at < 0 ? empty : values[at];
  }

  /** Writes a value at a coordinate inside the shape. */
  public void set(double value, long... coordinate) {
    int at = offset(coordinate);
    if (at < 0) {
      throw new IndexOutOfBoundsException(
          Arrays.toString(coordinate) + " outside " + Arrays.toString(shape));
    }
    values[at] = value;
  }

  /** Value of a point that nothing was written to. */
  public double empty() {
    return empty;
  }

  /** A copy of the elements a rank. */
  public long[] shape() {
    return shape.clone();
  }

  /** The values themselves, for evaluators that write them in place. */
  double[] array() {
    return values;
  }

  /** Distance in {@link #array()} from a coordinate of a rank to the next. */
  int stride(int rank) {
    long stride = 1;
    for (int i = rank + 1; i < shape.length; i++) {
      stride *= shape[i];
    }
    return Math.toIntExact(stride);
  }

  long extent(int rank) {
    return shape[rank];
  }

  int ranks() {
    return shape.length;
  }

  /** A copy of all values in row-major order. */
  public double[] values() {
    return values.clone();
  }

  private int offset(long[] coordinate) {
    if (coordinate.length != shape.length) {
      throw new IllegalArgumentException(
          coordinate.length + " coordinates for " + shape.length + " ranks");
    }
    int at = 0;
    for (int i = 0; i < shape.length; i++) {
      if (coordinate[i] < 0 || coordinate[i] >= shape[i]) {
        return -1;
      }
      at = Math.toIntExact(at * shape[i] + coordinate[i]);
    }
    return at;
  }
}
