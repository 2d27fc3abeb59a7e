package dev.weir.simulator.component;

import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.UnitCycles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The processing elements of a unit. They run one nest (or one set of interleaved nests) at a time;
 * every cycle is either busy or a stall with a reason.
 */
public final class ComputeArray implements Stateful {

  /** What it runs. */
  public interface Task {

    /** How much of it is done, from 0 to 1. */
    double progress();

    /** Cycles in which it does operations. */
    long workCycles();

    /** Cycles in which operands travel through the array. */
    long fillCycles();

    /** For what it waited in so many cycles, should it have taken longer than work and fill. */
    List<Segment.Stall> waits(long cycles);
  }

  private static final Task NOTHING =
      new Task() {
        @Override
        public double progress() {
          return 1;
        }

        @Override
        public long workCycles() {
          return 0;
        }

        @Override
        public long fillCycles() {
          return 0;
        }

        @Override
        public List<Segment.Stall> waits(long cycles) {
          return List.of();
        }
      };

  private final UnitName name;
  private final Map<StallReason, Long> stallCycles = new LinkedHashMap<>();
  // A cell each, as idle cycles are added at every event.
  private final Map<StallReason, long[]> idleCycles = new LinkedHashMap<>();
  private boolean running;
  private Task task = NOTHING;
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
  public void start(long cycle, Task next) {
    if (running) {
      throw new IllegalStateException(name + " is asked to do two things in cycle " + cycle);
    }
    running = true;
    task = next;
    startedAt = cycle;
  }

  /** Ends the nest; what it took beyond work and fill was spent waiting. */
  public void finish(long cycle) {
    running = false;
    busyCycles += task.workCycles();
    stall(StallReason.Cause.FILL, task.fillCycles());
    long waited = cycle - startedAt - task.workCycles() - task.fillCycles();
    if (waited > 0) {
      task.waits(waited).forEach(stall -> stall(stall.reason(), stall.cycles()));
    }
  }

  /** Time passes without work. */
  public void idle(long cycles, StallReason reason) {
    idleCycles.computeIfAbsent(reason, _ -> new long[1])[0] += cycles;
  }

  /** Where its cycles went so far; of a nest that runs, as much as it has progressed. */
  public UnitCycles cycles(long now) {
    Map<StallReason, Long> stalls = new LinkedHashMap<>(stallCycles);
    idleCycles.forEach((cause, cycles) -> add(stalls, cause, cycles[0]));
    if (!running) {
      return new UnitCycles(busyCycles, stalls);
    }
    long busy = (long) (task.progress() * task.workCycles());
    long fill = (long) (task.progress() * task.fillCycles());
    add(stalls, StallReason.Cause.FILL, fill);
    long waited = now - startedAt - busy - fill;
    task.waits(waited).forEach(stall -> add(stalls, stall.reason(), stall.cycles()));
    return new UnitCycles(busyCycles + busy, stalls);
  }

  @Override
  public void walk(StateWalk walk) {
    walk.same(running);
    if (running) {
      walk.same(task);
      startedAt = walk.moment(startedAt);
    }
    busyCycles = walk.total(busyCycles);
    walk.same(stallCycles.size());
    stallCycles.replaceAll((_, cycles) -> walk.total(cycles));
    walk.same(idleCycles.size());
    for (long[] cycles : idleCycles.values()) {
      cycles[0] = walk.total(cycles[0]);
    }
  }

  private void stall(StallReason reason, long cycles) {
    add(stallCycles, reason, cycles);
  }

  private static void add(Map<StallReason, Long> stalls, StallReason reason, long cycles) {
    if (cycles > 0) {
      stalls.merge(reason, cycles, Long::sum);
    }
  }
}
