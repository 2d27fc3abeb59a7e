package dev.weir.simulator.pe;

import java.util.Arrays;

/**
 * The words of one entry of a keep, or of a tensor at the top level: for every element of the
 * tensor a number and what is known of it. Elements that are not in the tile are not there.
 */
final class Tile {

  /** The word has arrived, or there is room for it to be produced. */
  static final int THERE = 1;

  /** It was contributed to since the entry began, or came as a partial sum. */
  static final int TOUCHED = 2;

  /** It has a value other than the tensor's empty one, or that value was written. */
  static final int VALUED = 4;

  final long[] numbers;
  final byte[] states;
  private long[] steps;

  /**
   * An entry without words.
   *
   * @param steps where the process stood that entered it
   */
  Tile(int size, long[] steps) {
    this.numbers = new long[size];
    this.states = new byte[size];
    this.steps = steps.clone();
  }

  /** Stands for another entry, without words. */
  void reopen(long[] otherSteps) {
    Arrays.fill(states, (byte) 0);
    steps = otherSteps.clone();
  }

  long[] steps() {
    return steps;
  }

  boolean has(int offset, int state) {
    return (states[offset] & state) != 0;
  }

  void mark(int offset, int state) {
    states[offset] |= (byte) state;
  }

  void put(int offset, long number) {
    numbers[offset] = number;
    states[offset] |= VALUED;
  }

  /** Takes number and value from another tile; the word is not there yet. */
  void copy(int offset, Tile from) {
    numbers[offset] = from.numbers[offset];
    states[offset] = (byte) (from.states[offset] & VALUED);
  }
}
