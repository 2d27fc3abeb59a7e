package dev.weir.einsum.analysis;

/**
 * A variable over the coordinates 0 to shape - 1: of a rank of an iteration space, or of an axis of
 * a tensor.
 *
 * @param name tells it from others
 * @param shape how many coordinates
 */
record CoordinateVariable(String name, long shape) implements Comparable<CoordinateVariable> {

  @Override
  public int compareTo(CoordinateVariable other) {
    return name.compareTo(other.name);
  }
}
