package dev.weir.simulator.machine;

import dev.weir.mapper.schedule.Node;
import dev.weir.simulator.component.Memory;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where keeps lie in memories with banks: each behind those around it at the same level, and behind
 * the parts beside it that are alive at the same time. What is there one after the other begins at
 * the same place. A keep has its place for the whole run, so its largest tiles count.
 */
final class Regions {

  private final IdentityHashMap<Node.Keep, Long> sizes = new IdentityHashMap<>();
  private final IdentityHashMap<Node.Keep, Memory> regions = new IdentityHashMap<>();

  private Regions() {}

  /** Of keeps at levels with banks. */
  static IdentityHashMap<Node.Keep, Memory> of(Occupancy occupancy, Ranges start) {
    Regions regions = new Regions();
    regions.measure(occupancy, start);
    regions.place(occupancy, Map.of());
    return regions.regions;
  }

  private void measure(Occupancy occupancy, Ranges ranges) {
    switch (occupancy) {
      case Occupancy.Nothing _ -> {}
      case Occupancy.Taken taken -> {
        sizes.merge(taken.keep(), taken.allocation().words(ranges), Math::max);
        measure(taken.body(), ranges);
      }
      case Occupancy.Steps steps -> {
        Ranges inside = ranges.copy();
        inside.enter(steps.loop());
        measure(steps.body(), inside);
        if (!inside.isLast(steps.loop())) {
          inside.skipToLast(steps.loop());
          measure(steps.body(), inside);
        }
      }
      case Occupancy.LastStep last -> {
        if (ranges.isLast(last.loop())) {
          measure(last.body(), ranges);
        }
      }
      case Occupancy.Largest largest -> largest.parts().forEach(part -> measure(part, ranges));
      case Occupancy.Together all -> all.parts().forEach(part -> measure(part, ranges));
    }
  }

  /**
   * Places what is below.
   *
   * @param taken words in front of it, by memory
   * @return words in front of what comes behind it
   */
  private Map<Memory, Long> place(Occupancy occupancy, Map<Memory, Long> taken) {
    return switch (occupancy) {
      case Occupancy.Nothing _ -> taken;
      case Occupancy.Taken one -> {
        Memory memory = one.allocation().memory();
        long start = taken.getOrDefault(memory, 0L);
        long words = sizes.getOrDefault(one.keep(), 0L);
        if (memory.hasBanks() && words > 0) {
          regions.put(one.keep(), memory.region(start, words));
        }
        Map<Memory, Long> behind = new HashMap<>(taken);
        behind.put(memory, Math.addExact(start, words));
        yield place(one.body(), behind);
      }
      case Occupancy.Steps steps -> place(steps.body(), taken);
      case Occupancy.LastStep last -> place(last.body(), taken);
      case Occupancy.Largest largest -> highest(largest.parts(), taken);
      case Occupancy.Together all -> {
        Map<Memory, Long> behind = taken;
        for (Occupancy part : all.parts()) {
          behind = place(part, behind);
        }
        yield behind;
      }
    };
  }

  private Map<Memory, Long> highest(List<Occupancy> parts, Map<Memory, Long> taken) {
    Map<Memory, Long> highest = new HashMap<>(taken);
    for (Occupancy part : parts) {
      place(part, taken).forEach((memory, words) -> highest.merge(memory, words, Math::max));
    }
    return highest;
  }
}
