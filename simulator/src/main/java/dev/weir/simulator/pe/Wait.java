package dev.weir.simulator.pe;

import dev.weir.simulator.stats.StallReason;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a process waits for.
 *
 * @param cause the stall of units that it has work for, if it is one
 * @param unitSet these units, as bits by number
 * @param latency the memory that it waits for now, and for nothing else, if there is one
 * @param isOver whether it may go on
 */
record Wait(
    Optional<StallReason.Cause> cause,
    long unitSet,
    Supplier<Optional<StallReason.Latency>> latency,
    BooleanSupplier isOver) {

  /** For something that runs; units are accounted for there. */
  static Wait until(BooleanSupplier isOver) {
    return new Wait(Optional.empty(), 0, Optional::empty, isOver);
  }

  static Wait stalled(
      StallReason.Cause cause,
      long unitSet,
      Supplier<Optional<StallReason.Latency>> latency,
      BooleanSupplier isOver) {
    return new Wait(Optional.of(cause), unitSet, latency, isOver);
  }

  boolean isBy(int unit) {
    return (unitSet >> unit & 1) != 0;
  }

  /** Why a unit stands still in this cycle. */
  StallReason reason() {
    return latency.get().<StallReason>map(now -> now).orElseGet(cause::orElseThrow);
  }
}
