package dev.weir.simulator.pe;

import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.component.Delay;
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
   * Work ends; what it took beyond its own cycles was spent waiting for words.
   *
   * @param delay for the first of them, if that took time
   * @param limit for the others
   */
  void finish(
      long cycle, long workCycles, long fillCycles, Optional<Delay> delay, StallReason limit) {
    isRunning = false;
    busyCycles += workCycles;
    stall(StallReason.Cause.FILL, fillCycles);
    delay.ifPresent(first -> stall(first.reason(), first.cycles()));
    long before = delay.map(Delay::cycles).orElse(0L);
    stall(limit, cycle - startedAt - before - workCycles - fillCycles);
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
