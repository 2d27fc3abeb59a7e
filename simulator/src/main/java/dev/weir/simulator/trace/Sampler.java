package dev.weir.simulator.trace;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.component.ComputeArray;
import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Memory;
import dev.weir.simulator.component.Port;
import dev.weir.simulator.machine.Machine;
import dev.weir.simulator.stats.Profile;
import dev.weir.simulator.stats.UnitCycles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Notes now and then what has happened so far. It need not know how long a run is: when there are
 * too many points, those go that are close to another, and the others come less often. Where cycles
 * are skipped it notes what had happened at both ends, no more: in between lie so many periods that
 * are all alike, so all that is counted grows by the same in each.
 */
final class Sampler {

  private static final int MOST = 512;

  private final Machine machine;
  private List<Profile.Point> points = new ArrayList<>();
  private long pause = 1;
  private long next;

  Sampler(Machine machine) {
    this.machine = machine;
  }

  /** A cycle has been reached. */
  void reached(long now, List<Flow> flows) {
    if (now < next) {
      return;
    }
    if (points.size() == MOST) {
      thin(now);
    }
    points.add(point(now, flows));
    next = Math.addExact(now, pause);
  }

  private void thin(long now) {
    pause = Math.max(2 * pause, now / (MOST / 2));
    List<Profile.Point> kept = new ArrayList<>();
    for (Profile.Point point : points) {
      if (kept.isEmpty() || point.cycle() >= kept.getLast().cycle() + pause) {
        kept.add(point);
      }
    }
    points = kept;
  }

  /** The whole run up to now. */
  Profile profile(long now) {
    List<Profile.Point> all = new ArrayList<>(points);
    if (all.isEmpty() || all.getLast().cycle() < now) {
      all.add(point(now, List.of()));
    }
    return new Profile(all);
  }

  private Profile.Point point(long now, List<Flow> flows) {
    Map<UnitName, UnitCycles> units = new LinkedHashMap<>();
    for (ComputeArray unit : machine.units()) {
      units.put(unit.name(), unit.cycles(now));
    }
    Map<Port, Double> moving = new HashMap<>();
    flows.forEach(
        flow -> flow.forEachMoved((port, words) -> moving.merge(port, words, Double::sum)));
    Map<LevelName, Double> portCycles = new LinkedHashMap<>();
    for (Memory memory : machine.memories()) {
      for (Port port : memory.ports()) {
        double words = port.servedWords() + moving.getOrDefault(port, 0.0);
        portCycles.merge(memory.name(), words / port.capacity(), Math::max);
      }
    }
    return new Profile.Point(now, units, portCycles);
  }
}
