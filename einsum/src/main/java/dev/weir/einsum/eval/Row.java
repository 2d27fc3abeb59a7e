package dev.weir.einsum.eval;

import java.util.Arrays;

/**
 * Values at consecutive coordinates of one rank, each present or absent. All rows begin at place 0
 * of their arrays: HotSpot vectorises a loop over several arrays only when it reads and writes them
 * at one and the same index.
 */
final class Row {

  /** Most coordinates in one row: a handful of rows fits into a first-level cache. */
  static final int CAPACITY = 512;

  /** Values; where one is absent, what it counts as. */
  final double[] values = new double[CAPACITY];

  private final boolean[] present = new boolean[CAPACITY];
  private boolean isFull = true;

  /** A row of one value, which is present, over its whole capacity. */
  static Row filled(double value) {
    Row row = new Row();
    Arrays.fill(row.values, value);
    return row;
  }

  /** Whether all values are present. */
  boolean isFull() {
    return isFull;
  }

  boolean isPresent(int at) {
    return isFull || present[at];
  }

  void markFull() {
    isFull = true;
  }

  /** Marks one of the values; all of a row are marked before it is read. */
  void mark(int at, boolean isPresent) {
    present[at] = isPresent;
    isFull = (at == 0 || isFull) && isPresent;
  }

  /** Marks the first values by whether they differ from the empty one. */
  void markPresent(double empty, int length) {
    isFull = isFull(empty, length);
    if (!isFull) {
      for (int i = 0; i < length; i++) {
        present[i] = values[i] != empty;
      }
    }
  }

  private boolean isFull(double empty, int length) {
    for (int i = 0; i < length; i++) {
      if (values[i] == empty) {
        return false;
      }
    }
    return true;
  }
}
