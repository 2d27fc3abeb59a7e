package dev.weir.simulator.pe;

import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.stats.StallReason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where the cycles of one compute unit go. */
final class UnitAccount {

  private final UnitName name;
  private final Map<StallReason, Long> stallCycles = new LinkedHashMap<>();
  private int pipelines;
  private boolean isRunning;
  private long startedAt;
  private long busyCycles;

  UnitAccount(UnitName name) {
    this.name = name;
  }

  UnitName name() {
    return name;
  }

  /** Work begins. */
  void start(long cycle) {
    if (isRunning) {
      throw new IllegalStateException(name + " is asked to do two things in cycle " + cycle);
    }
    isRunning = true;
    startedAt = cycle;
  }

  /**
   * Work ends.
   *
   * @param known cycles that are known to go into a wait, by reason
   * @param limit for what it waited in all others beyond its own
   */
  void finish(long cycle, long workCycles, Map<StallReason, Long> known, StallReason limit) {
    isRunning = false;
    busyCycles += workCycles;
    long left = cycle - startedAt - workCycles;
    for (Map.Entry<StallReason, Long> wait : known.entrySet()) {
      stall(wait.getKey(), wait.getValue());
      left -= wait.getValue();
    }
    stall(limit, left);
  }

  /** A pipeline with work for the unit begins or ends. */
  void pipeline(int change) {
    pipelines += change;
  }

  /**
   * A cycle passes.
   *
   * @param waitsFor what processes with work for the unit wait for, if any does
   */
  void pass(Optional<StallReason> waitsFor) {
    if (!isRunning) {
      stall(waitsFor.orElse(idleReason()), 1);
    }
  }

  private StallReason idleReason() {
    return pipelines > 0 ? StallReason.Cause.EPOCH_IMBALANCE : StallReason.Cause.OTHER_WORK;
  }

  private void stall(StallReason reason, long cycles) {
    if (cycles > 0) {
      stallCycles.merge(reason, cycles, Long::sum);
    }
  }

  long busyCycles() {
    return busyCycles;
  }

  Map<StallReason, Long> stallCycles() {
    return new LinkedHashMap<>(stallCycles);
  }
}
