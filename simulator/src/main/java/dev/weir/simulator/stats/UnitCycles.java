package dev.weir.simulator.stats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the cycles of a compute unit went up to some cycle. Busy and stall cycles add up to all of
 * them.
 *
 * @param busyCycles in which it starts or repeats operations
 * @param stallCycles the others by reason; reasons that did not occur are missing
 */
public record UnitCycles(long busyCycles, Map<StallReason, Long> stallCycles) {

  public UnitCycles {
    stallCycles = Collections.unmodifiableMap(new LinkedHashMap<>(stallCycles));
  }
}
