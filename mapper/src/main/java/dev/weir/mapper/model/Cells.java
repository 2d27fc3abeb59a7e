package dev.weir.mapper.model;

import java.util.Arrays;

/** Numbers by kind and item that are worked out at most once an evaluation. */
final class Cells {

  private final int items;
  private long[] values;
  private int[] evaluations;
  private int evaluation;

  Cells(int items) {
    this.items = items;
    this.values = new long[16 * items];
    this.evaluations = new int[16 * items];
  }

  /** Forgets everything. */
  void start() {
    evaluation++;
  }

  /** Where the number of an item stands. */
  int at(int kind, int item) {
    int at = kind * items + item;
    if (at >= values.length) {
      values = Arrays.copyOf(values, at * 2);
      evaluations = Arrays.copyOf(evaluations, at * 2);
    }
    return at;
  }

  boolean isKnown(int at) {
    return evaluations[at] == evaluation;
  }

  long get(int at) {
    return values[at];
  }

  long put(int at, long value) {
    values[at] = value;
    evaluations[at] = evaluation;
    return value;
  }
}
