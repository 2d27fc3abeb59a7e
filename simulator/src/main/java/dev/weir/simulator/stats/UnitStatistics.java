package dev.weir.simulator.stats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the cycles of a compute unit went. Busy and stall cycles add up to all cycles.
 *
 * @param busyCycles in which it starts or repeats operations, tails and idle lanes included
 * @param utilisation Σ operations × initiation interval ÷ (instances × cycles), from 0 to 1
 * @param stallCycles the others by reason; reasons that did not occur are missing
 */
public record UnitStatistics(
    long busyCycles, double utilisation, Map<StallReason, Long> stallCycles) {

  public UnitStatistics {
    stallCycles = Collections.unmodifiableMap(new LinkedHashMap<>(stallCycles));
  }

  /** Without utilisation. */
  public UnitCycles unitCycles() {
    return new UnitCycles(busyCycles, stallCycles);
  }

  public long allStallCycles() {
    return stallCycles.values().stream().mapToLong(Long::longValue).sum();
  }
}
