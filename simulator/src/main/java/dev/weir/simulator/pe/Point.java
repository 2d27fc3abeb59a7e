package dev.weir.simulator.pe;

/** What a processing element has in hand when it computes: operands, and where it stands. */
final class Point {

  /** Numbers of the operands, in the order in which the right side reads them. */
  final long[] operands;

  /** By rank; only kept up where the right side or the condition asks for positions. */
  final long[] coordinates;

  /** Whether the number computed last is present. */
  boolean isPresent;

  Point(int operands, int ranks) {
    this.operands = new long[operands];
    this.coordinates = new long[ranks];
  }
}
