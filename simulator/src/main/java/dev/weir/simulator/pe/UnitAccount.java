package dev.weir.simulator.pe;

import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.stats.StallReason;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the cycles of one compute unit go. */
final class UnitAccount {

  private final UnitName name;
  private final Map<StallReason.Cause, Integer> waiting = new EnumMap<>(StallReason.Cause.class);
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

  /** Work ends; what it took beyond its own cycles was spent waiting for words. */
  void finish(long cycle, long workCycles, long fillCycles, StallReason limit) {
    isRunning = false;
    busyCycles += workCycles;
    stall(StallReason.Cause.FILL, fillCycles);
    stall(limit, cycle - startedAt - workCycles - fillCycles);
  }

  /** A process with work for the unit begins, or stops, to wait for this cause. */
  void wait(StallReason.Cause cause, int change) {
    waiting.merge(cause, change, Integer::sum);
  }

  /** A pipeline with work for the unit begins or ends. */
  void pipeline(int change) {
    pipelines += change;
  }

  /** A cycle passes. */
  void pass() {
    if (!isRunning) {
      stall(idleReason(), 1);
    }
  }

  private StallReason.Cause idleReason() {
    if (waiting.getOrDefault(StallReason.Cause.LOAD, 0) > 0) {
      return StallReason.Cause.LOAD;
    }
    if (waiting.getOrDefault(StallReason.Cause.STORE, 0) > 0) {
      return StallReason.Cause.STORE;
    }
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
