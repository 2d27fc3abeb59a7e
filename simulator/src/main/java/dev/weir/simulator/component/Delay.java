package dev.weir.simulator.component;

import dev.weir.simulator.stats.StallReason;
import java.util.List;

/**
 * How long a memory takes to answer.
 *
 * @param reason why a unit waits meanwhile
 * @param cycles 0 when it answers at once
 */
public record Delay(StallReason.Latency reason, long cycles) {

  /** Takes its cycles and uses no port. */
  public Service service() {
    return new Service(cycles, List.of());
  }
}
