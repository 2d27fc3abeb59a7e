package dev.weir.simulator.component;

import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.StallReason;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The processing elements of a unit. They run one nest (or one set of interleaved nests) at a time;
 * every cycle is either busy or a stall with a reason.
 */
public final class ComputeArray implements Stateful {

  private final UnitName name;
  private final Map<StallReason, Long> stallCycles = new LinkedHashMap<>();
  // A cell each, as idle cycles are added at every event.
  private final Map<StallReason.Cause, long[]> idleCycles = new EnumMap<>(StallReason.Cause.class);
  private boolean running;
  private long startedAt;
  private long busyCycles;

  public ComputeArray(UnitName name) {
    this.name = name;
    for (StallReason.Cause cause : StallReason.Cause.values()) {
      idleCycles.put(cause, new long[1]);
    }
  }

  public UnitName name() {
    return name;
  }

  public boolean isRunning() {
    return running;
  }

  /**
   * Begins a nest.
   *
   * @throws IllegalStateException while another one runs: two branches of a par use the unit
   */
  public void start(long cycle) {
    if (running) {
      throw new IllegalStateException(name + " is asked to do two things in cycle " + cycle);
    }
    running = true;
    startedAt = cycle;
  }

  /**
   * Ends the nest; what it took beyond work and fill was spent waiting for words.
   *
   * @param limit what kept the words back; only used when there was such a wait
   */
  public void finish(long cycle, long workCycles, long fillCycles, StallReason limit) {
    running = false;
    busyCycles += workCycles;
    stall(StallReason.Cause.FILL, fillCycles);
    stall(limit, cycle - startedAt - workCycles - fillCycles);
  }

  /** Time passes without work. */
  public void idle(long cycles, StallReason.Cause reason) {
    idleCycles.get(reason)[0] += cycles;
  }

  public long busyCycles() {
    return busyCycles;
  }

  /** Stalls so far by reason, those that did not occur left out. */
  public Map<StallReason, Long> stallCycles() {
    Map<StallReason, Long> all = new LinkedHashMap<>(stallCycles);
    idleCycles.forEach(
        (cause, cycles) -> {
          if (cycles[0] > 0) {
            all.merge(cause, cycles[0], Long::sum);
          }
        });
    return all;
  }

  @Override
  public void walk(StateWalk walk) {
    walk.same(running);
    if (running) {
      startedAt = walk.moment(startedAt);
    }
    busyCycles = walk.total(busyCycles);
    walk.same(stallCycles.size());
    stallCycles.replaceAll((_, cycles) -> walk.total(cycles));
    for (long[] cycles : idleCycles.values()) {
      cycles[0] = walk.total(cycles[0]);
    }
  }

  private void stall(StallReason reason, long cycles) {
    if (cycles > 0) {
      stallCycles.merge(reason, cycles, Long::sum);
    }
  }
}
