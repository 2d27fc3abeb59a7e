package dev.weir.einsum.exact;

import dev.weir.einsum.eval.DenseTensor;
import java.util.Arrays;

/** Exact values of a tensor in row-major order. */
public final class ExactTensor {

  private final long[] shape;
  private final ExactValue[] values;

  /** A tensor of one value everywhere; the shape is not modified. */
  ExactTensor(long[] shape, ExactValue everywhere) {
    this.shape = shape.clone();
    this.values =
        new ExactValue[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
    Arrays.fill(values, everywhere);
  }

  /** A tensor of numbers. */
  ExactTensor(DenseTensor numbers, ExactArithmetic arithmetic) {
    this.shape = numbers.shape();
    this.values =
        Arrays.stream(numbers.values()).mapToObj(arithmetic::number).toArray(ExactValue[]::new);
  }

  /** A copy of the elements a rank. */
  public long[] shape() {
    return shape.clone();
  }

  /** A copy of all values in row-major order. */
  public ExactValue[] values() {
    return values.clone();
  }

  /** The value at a coordinate inside the shape; not modified. */
  public ExactValue get(long... coordinate) {
    return values[offset(coordinate)];
  }

  ExactValue at(int offset) {
    return values[offset];
  }

  void set(int offset, ExactValue value) {
    values[offset] = value;
  }

  int size() {
    return values.length;
  }

  /** Place of a coordinate among the values; -1 outside the shape. */
  int offset(long[] coordinate) {
    if (coordinate.length != shape.length) {
      throw new IllegalArgumentException(
          coordinate.length + " coordinates for " + shape.length + " ranks");
    }
    long at = 0;
    for (int i = 0; i < shape.length; i++) {
      if (coordinate[i] < 0 || coordinate[i] >= shape[i]) {
        return -1;
      }
      at = at * shape[i] + coordinate[i];
    }
    return (int) at;
  }

  /** The coordinate at a place among the values. */
  long[] coordinate(int offset) {
    long[] coordinate = new long[shape.length];
    long rest = offset;
    for (int i = shape.length - 1; i >= 0; i--) {
      coordinate[i] = rest % shape[i];
      rest /= shape[i];
    }
    return coordinate;
  }

  /** Whether both have the same shape and equal values. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ExactTensor tensor
        && Arrays.equals(shape, tensor.shape)
        && Arrays.equals(values, tensor.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(shape) + " " + Arrays.toString(values);
  }
}
