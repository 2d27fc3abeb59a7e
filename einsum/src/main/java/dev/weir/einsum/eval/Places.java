package dev.weir.einsum.eval;

/**
 * Consecutive ones of the places in an array at which an access lies when the coordinates of some
 * ranks vary.
 */
final class Places {

  private final int[] all;
  private final int from;
  private final int to;

  /** All of them; not copied, never modified. */
  Places(int[] all) {
    this(all, 0, all.length);
  }

  private Places(int[] all, int from, int to) {
    this.all = all;
    this.from = from;
    this.to = to;
  }

  /** Which of all is the first of these. */
  int from() {
    return from;
  }

  int length() {
    return to - from;
  }

  int at(int index) {
    return all[from + index];
  }

  /** At most so many of them, from one on. */
  Places part(int first, int most) {
    return new Places(all, first, Math.min(first + most, all.length));
  }

  /** From the first to the second, whichever comes first. */
  int distance() {
    return length() < 2 ? 0 : Math.abs(at(1) - at(0));
  }

  boolean areConsecutive() {
    for (int i = 1; i < length(); i++) {
      if (at(i) != at(i - 1) + 1) {
        return false;
      }
    }
    return true;
  }
}
