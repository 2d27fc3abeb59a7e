package dev.weir.mapper.program;

/** Division as programs do it. */
final class Quotient {

  /** Up to here a {@code double} is exact, and so is the whole part of a quotient of two. */
  private static final long EXACT = 1L << 53;

  private Quotient() {}

  /**
   * ⌈left ÷ right⌉. Dividing {@code double}s takes a third of the time.
   *
   * @param left at least 0
   * @param right at least 1
   */
  static long ceiling(long left, long right) {
    if (left >= EXACT || right >= EXACT) {
      return Math.ceilDiv(left, right);
    }
    long whole = (long) ((double) left / (double) right);
    return whole * right < left ? whole + 1 : whole;
  }
}
