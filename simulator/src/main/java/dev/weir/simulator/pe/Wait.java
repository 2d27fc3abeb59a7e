package dev.weir.simulator.pe;

import dev.weir.simulator.stats.StallReason;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a process waits for.
 *
 * @param cause the stall of units that it has work for, if it is one
 * @param unitSet these units, as bits by number
 * @param isOver whether it may go on
 */
record Wait(Optional<StallReason.Cause> cause, long unitSet, BooleanSupplier isOver) {

  /** For something that runs; units are accounted for there. */
  static Wait until(BooleanSupplier isOver) {
    return new Wait(Optional.empty(), 0, isOver);
  }

  static Wait stalled(StallReason.Cause cause, long unitSet, BooleanSupplier isOver) {
    return new Wait(Optional.of(cause), unitSet, isOver);
  }
}
