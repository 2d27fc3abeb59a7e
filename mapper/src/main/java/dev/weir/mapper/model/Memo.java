package dev.weir.mapper.model;

/**
 * A table from pairs of numbers to a number and a state that starts empty with every evaluation. It
 * grows to what an evaluation needs and then allocates nothing more.
 */
final class Memo {

  private long[] firstKeys = new long[64];
  private long[] secondKeys = new long[64];
  private long[] values = new long[64];
  private int[] states = new int[64];
  private int[] evaluations = new int[64];
  private int evaluation;
  private int count;
  private int found;

  /** Forgets everything. */
  void start() {
    evaluation++;
    count = 0;
  }

  /** Whether a pair has a value, which {@link #value} and {@link #state} then give. */
  boolean has(long first, long second) {
    found = slot(first, second);
    return evaluations[found] == evaluation;
  }

  long value() {
    return values[found];
  }

  int state() {
    return states[found];
  }

  /** Adds a pair. */
  void put(long first, long second, long value, int state) {
    if (count * 2 >= firstKeys.length) {
      grow();
    }
    int slot = slot(first, second);
    if (evaluations[slot] != evaluation) {
      count++;
    }
    firstKeys[slot] = first;
    secondKeys[slot] = second;
    values[slot] = value;
    states[slot] = state;
    evaluations[slot] = evaluation;
  }

  private int slot(long first, long second) {
    int mask = firstKeys.length - 1;
    long mixed = (first * 0x9E3779B97F4A7C15L ^ second) * 0xC2B2AE3D27D4EB4FL;
    int slot = (int) (mixed >>> 32) & mask;
    while (evaluations[slot] == evaluation
        && (firstKeys[slot] != first || secondKeys[slot] != second)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldFirst = firstKeys;
    long[] oldSecond = secondKeys;
    long[] oldValues = values;
    int[] oldStates = states;
    int[] old = evaluations;
    int size = oldFirst.length * 2;
    firstKeys = new long[size];
    secondKeys = new long[size];
    values = new long[size];
    states = new int[size];
    evaluations = new int[size];
    count = 0;
    for (int i = 0; i < old.length; i++) {
      if (old[i] == evaluation) {
        put(oldFirst[i], oldSecond[i], oldValues[i], oldStates[i]);
      }
    }
  }
}
