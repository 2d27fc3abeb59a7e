package dev.weir.simulator.pe;

import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Memory;
import dev.weir.simulator.component.PortSharing;
import dev.weir.simulator.component.Service;
import dev.weir.simulator.stats.StallReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Time, cycle by cycle. What ends in the same cycle ends in the order in which it began, each with
 * all that follows from it before the next.
 */
final class Clock {

  private static final long CYCLES_PER_LOOK = 1 << 16;

  /** Something that takes time. */
  private record Activity(Flow flow, Service service, Runnable ending) {}

  private final List<Memory> memories;
  private final List<UnitAccount> units;
  private final List<Wait> waits = new ArrayList<>();
  private final List<Activity> activities = new ArrayList<>();
  private final List<Flow> flows = new ArrayList<>();
  private boolean ratesAreStale;
  private long now;

  Clock(List<Memory> memories, List<UnitAccount> units) {
    this.memories = List.copyOf(memories);
    this.units = List.copyOf(units);
  }

  long now() {
    return now;
  }

  UnitAccount unit(int number) {
    return units.get(number);
  }

  /** Begins something of at least one cycle; tells when it is over. */
  void start(Flow flow, Service service, Runnable ending) {
    flow.restart(service);
    service.begin();
    activities.add(new Activity(flow, service, ending));
    flows.add(flow);
    ratesAreStale |= flow.usesPorts();
  }

  /** A process begins to wait. */
  void begin(Wait wait) {
    waits.add(wait);
  }

  /** A process stops to wait. */
  void end(Wait wait) {
    waits.remove(wait);
  }

  /** Of memories that are waited for, the outermost. */
  Optional<StallReason.Latency> outermost(Collection<StallReason.Latency> some) {
    return memories.stream()
        .map(memory -> new StallReason.Latency(memory.name()))
        .filter(some::contains)
        .findFirst();
  }

  /** A pipeline with work for these units begins (1) or ends (-1). */
  void pipeline(long unitSet, int change) {
    for (int unit = 0; unit < units.size(); unit++) {
      if ((unitSet >> unit & 1) != 0) {
        units.get(unit).pipeline(change);
      }
    }
  }

  /**
   * Lets time pass until nothing takes time any more.
   *
   * @param consequences what follows from each ending
   */
  void run(Runnable consequences) {
    consequences.run();
    while (!activities.isEmpty()) {
      if (ratesAreStale) {
        PortSharing.share(flows);
        ratesAreStale = false;
      }
      pass();
      for (Activity ended : ended()) {
        ended.service().end();
        ended.ending().run();
        consequences.run();
      }
      if (now % CYCLES_PER_LOOK == 0 && Thread.currentThread().isInterrupted()) {
        throw new CancellationException("simulation interrupted in cycle " + now);
      }
    }
  }

  private void pass() {
    now++;
    for (int i = 0; i < flows.size(); i++) {
      flows.get(i).advance(1);
    }
    for (int i = 0; i < memories.size(); i++) {
      memories.get(i).pass(1);
    }
    for (int i = 0; i < units.size(); i++) {
      units.get(i).pass(waits.isEmpty() ? Optional.empty() : reason(i));
    }
  }

  /** What a unit waits for in this cycle: a tile that moves, or else the outermost memory. */
  private Optional<StallReason> reason(int unit) {
    Set<StallReason> reasons = new HashSet<>();
    Set<StallReason.Latency> latencies = new HashSet<>();
    for (Wait wait : waits) {
      if (wait.isBy(unit)) {
        reasons.add(wait.reason());
        wait.latency().get().ifPresent(latencies::add);
      }
    }
    for (StallReason first : List.of(StallReason.Cause.LOAD, StallReason.Cause.STORE)) {
      if (reasons.contains(first)) {
        return Optional.of(first);
      }
    }
    return outermost(latencies).map(latency -> latency);
  }

  private List<Activity> ended() {
    boolean none = true;
    for (int i = 0; i < flows.size(); i++) {
      none &= !flows.get(i).isDone();
    }
    if (none) {
      return List.of();
    }
    List<Activity> ended =
        activities.stream().filter(activity -> activity.flow().isDone()).toList();
    for (Activity activity : ended) {
      activities.remove(activity);
      ratesAreStale |= activity.flow().usesPorts();
    }
    flows.clear();
    activities.forEach(activity -> flows.add(activity.flow()));
    return ended;
  }
}
