package dev.weir.einsum.ir;

/**
 * Which points of the iteration space a map action touches, by whether its operands are empty there
 * (EDGE, table of two-input merge operators; the five that attention needs).
 */
public enum MergeOperator {
  /** Both operands are present. */
  INTERSECTION,
  /** At least one is; the other counts as its empty value. */
  UNION,
  /** The left one is. */
  TAKE_LEFT,
  /** The right one is: what a division needs, so that 0/0 stays empty. */
  TAKE_RIGHT,
  /** All points. */
  PASS_THROUGH;

  /** Whether the point is touched. */
  public boolean touches(boolean leftPresent, boolean rightPresent) {
    return switch (this) {
      case INTERSECTION -> leftPresent && rightPresent;
      case UNION -> leftPresent || rightPresent;
      case TAKE_LEFT -> leftPresent;
      case TAKE_RIGHT -> rightPresent;
      case PASS_THROUGH -> true;
    };
  }
}
