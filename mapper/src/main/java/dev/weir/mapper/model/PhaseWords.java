package dev.weir.mapper.model;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.count.Counts;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Cycles in which the levels can move what a phase moves. */
final class PhaseWords {

  private final Plan plan;

  PhaseWords(Plan plan) {
    this.plan = plan;
  }

  /** By level; levels that never limit are left out. */
  SortedMap<LevelName, Long> cycles(Work.Phase phase, Ranges ranges) {
    Map<LevelName, long[]> words = new HashMap<>();
    int depth = phase.scope().depth();
    for (int site = phase.fromSite(); site < phase.toSite(); site++) {
      for (Term term : plan.terms(site)) {
        if (term.traffic().isPresent()) {
          Counts.Traffic traffic = term.traffic().get();
          long[] moved = words.computeIfAbsent(traffic.level(), _ -> new long[2]);
          int direction = traffic.movement().isRead() ? 0 : 1;
          moved[direction] = Math.addExact(moved[direction], term.value(ranges, depth));
        }
      }
    }
    SortedMap<LevelName, Long> result = new TreeMap<>();
    for (MemoryLevel level : plan.architecture().levels()) {
      long[] moved = words.getOrDefault(level.name(), new long[2]);
      level
          .bandwidth()
          .ifPresent(
              bandwidth ->
                  result.put(
                      level.name(),
                      Transfers.cycles(bandwidth, moved[0], moved[1], instances(phase, level))));
    }
    return result;
  }

  /** Instances of a level that a phase can use: not those that a loop around it has chosen. */
  private long instances(Work.Phase phase, MemoryLevel level) {
    long instances = 1;
    for (AxisName axis : level.instanceAxes()) {
      boolean chosen =
          phase.scope().loops().stream()
              .flatMap(loop -> loop.axis().stream())
              .anyMatch(used -> stands(used.name(), axis));
      if (!chosen) {
        long along = plan.architecture().axis(axis).map(a -> a.instances()).orElse(1L);
        instances = Math.multiplyExact(instances, along);
      }
    }
    return instances;
  }

  private boolean stands(AxisName used, AxisName axis) {
    return used.equals(axis)
        || plan.architecture().links().contains(new Architecture.Link(used, axis));
  }
}
