package dev.weir.einsum.ir;

import java.util.Optional;

/**
 * A populate action: values along a rank are not folded; which of its coordinates hold the first
 * ones in an order is written to the slots of another rank. Equal values keep the order of their
 * coordinates. Absent points have no place in the order; slots that nothing is left for stay empty.
 *
 * @param order which values come first
 * @param from the rank whose coordinates are written
 * @param slot the rank of the output that numbers them
 * @param mass if given, only as many as sum up to at least this, the fewest
 */
public record Populate(Order order, RankName from, RankName slot, Optional<Quantity> mass) {

  /** Which values come first. */
  public enum Order {
    LARGEST_FIRST,
    SMALLEST_FIRST
  }
}
