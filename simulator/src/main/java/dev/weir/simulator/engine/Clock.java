package dev.weir.simulator.engine;

import dev.weir.mapper.arch.Latency;
import dev.weir.simulator.component.ComputeArray;
import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Memory;
import dev.weir.simulator.component.PortSharing;
import dev.weir.simulator.component.Service;
import dev.weir.simulator.machine.Machine;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.trace.Recorder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Time. Everything that takes time is a {@link Flow}; between two events, which fall on whole
 * cycles, all flows go on at constant rates. Rates are shared anew whenever a flow that uses ports
 * begins or ends. The order of events in one cycle is the order in which their flows began, so that
 * a run is repeatable.
 */
final class Clock implements Stateful {

  /** Who is told that a flow is done. */
  interface Listener {
    void flowDone();
  }

  private static final int EVENTS_PER_REPORT = 1 << 14;

  private final List<ComputeArray> units;
  private final List<Memory> memories;
  private final SimulationOptions options;
  private final Recorder recorder;
  private final List<Flow> flows = new ArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();
  private final List<Listener> done = new ArrayList<>();
  // What units may wait for: who waits for several waits for the first.
  private final List<StallReason> reasons;
  // By reason and unit: processes with work for it that wait.
  private final int[][] waiting;
  private final int[] inEpochs;
  private boolean ratesAreStale;
  private long now;
  private int events;

  Clock(Machine machine, SimulationOptions options, Recorder recorder) {
    this.units = machine.units();
    this.memories = machine.memories();
    this.options = options;
    this.recorder = recorder;
    reasons = reasons(memories);
    waiting = new int[reasons.size()][units.size()];
    inEpochs = new int[units.size()];
  }

  private static List<StallReason> reasons(List<Memory> memories) {
    List<StallReason> reasons = new ArrayList<>();
    reasons.add(StallReason.Cause.LOAD);
    reasons.add(StallReason.Cause.STORE);
    for (Memory memory : memories) {
      if (!memory.latency().equals(Latency.NONE)) {
        reasons.add(memory.readDelay().reason());
      }
    }
    reasons.add(StallReason.Cause.FILL);
    return List.copyOf(reasons);
  }

  long now() {
    return now;
  }

  ComputeArray unit(int number) {
    return units.get(number);
  }

  /** Begins a flow of at least one cycle. */
  void start(Flow flow, Service service, Listener listener) {
    flow.restart(service);
    flows.add(flow);
    listeners.add(listener);
    service.begin();
    ratesAreStale |= flow.usesPorts();
  }

  /** Takes note that a flow with this service has ended. */
  void ended(Service service) {
    service.end();
  }

  /** A process with work for these units begins or stops to wait. */
  void wait(StallReason reason, long unitSet, boolean begins) {
    change(waiting[reasons.indexOf(reason)], unitSet, begins);
  }

  /** The one of some reasons that counts. */
  StallReason first(Collection<? extends StallReason> some) {
    return reasons.stream().filter(some::contains).findFirst().orElseThrow();
  }

  /** A pipeline with work for these units begins or ends. */
  void epochs(long unitSet, boolean begin) {
    change(inEpochs, unitSet, begin);
  }

  private static void change(int[] counts, long unitSet, boolean up) {
    for (int unit = 0; unit < counts.length; unit++) {
      if ((unitSet >> unit & 1) != 0) {
        counts[unit] += up ? 1 : -1;
      }
    }
  }

  /** Runs until nothing takes time any more. */
  void run(SteadyState steadyState) {
    while (!flows.isEmpty()) {
      if (ratesAreStale) {
        PortSharing.share(flows);
        ratesAreStale = false;
      }
      if (recorder.isOn()) {
        recorder.reached(now, flows);
      }
      steadyState.skip();
      long step = Long.MAX_VALUE;
      for (int i = 0; i < flows.size(); i++) {
        step = Math.min(step, flows.get(i).cyclesLeft());
      }
      pass(Math.max(step, 1));
      finishFlows();
      countEvent();
    }
  }

  private void pass(long cycles) {
    if (recorder.isOn()) {
      recorder.reached(now, flows);
      recorder.passes(now, cycles, flows);
    }
    now = Math.addExact(now, cycles);
    for (int i = 0; i < flows.size(); i++) {
      flows.get(i).advance(cycles);
    }
    for (int i = 0; i < memories.size(); i++) {
      memories.get(i).pass(cycles);
    }
    for (int i = 0; i < units.size(); i++) {
      if (!units.get(i).isRunning()) {
        idle(units.get(i), cycles, idleReason(i));
      }
    }
  }

  private void idle(ComputeArray unit, long cycles, StallReason reason) {
    unit.idle(cycles, reason);
    if (recorder.isOn()) {
      recorder.idle(unit.name(), reason, now - cycles, now);
    }
  }

  private StallReason idleReason(int unit) {
    for (int i = 0; i < waiting.length; i++) {
      if (waiting[i][unit] > 0) {
        return reasons.get(i);
      }
    }
    return inEpochs[unit] > 0 ? StallReason.Cause.EPOCH_IMBALANCE : StallReason.Cause.OTHER_WORK;
  }

  private void finishFlows() {
    done.clear();
    int kept = 0;
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      if (flow.isDone()) {
        done.add(listeners.get(i));
        ratesAreStale |= flow.usesPorts();
      } else {
        flows.set(kept, flow);
        listeners.set(kept, listeners.get(i));
        kept++;
      }
    }
    while (flows.size() > kept) {
      flows.removeLast();
      listeners.removeLast();
    }
    for (int i = 0; i < done.size(); i++) {
      done.get(i).flowDone();
    }
  }

  private void countEvent() {
    if (++events == EVENTS_PER_REPORT) {
      report();
    }
  }

  /**
   * Says which cycle is reached.
   *
   * @throws CancellationException when the thread is interrupted
   */
  void report() {
    events = 0;
    options.progress().accept(now);
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("simulation interrupted in cycle " + now);
    }
  }

  @Override
  public void walk(StateWalk walk) {
    now = walk.moment(now);
    walk.same(ratesAreStale);
    walk.same(flows.size());
    for (int i = 0; i < flows.size(); i++) {
      walk.same(flows.get(i));
      flows.get(i).walk(walk);
    }
    for (int unit = 0; unit < inEpochs.length; unit++) {
      for (int[] byUnit : waiting) {
        walk.same(byUnit[unit]);
      }
      walk.same(inEpochs[unit]);
    }
  }
}
