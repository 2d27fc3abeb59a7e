package dev.weir.simulator.machine;

import dev.weir.mapper.schedule.Node;
import dev.weir.simulator.component.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Room that is taken at a time, as a tree beside the program's: keeps add what is around them,
 * branches add, what runs one after the other takes the maximum. Of a loop only the first step,
 * with the fullest tiles, and the last, in which {@code last} runs, can be the largest.
 */
sealed interface Occupancy {

  /** No keep below. */
  record Nothing() implements Occupancy {}

  /** A keep. */
  record Taken(Node.Keep keep, Allocation allocation, Occupancy body) implements Occupancy {}

  /** A loop. */
  record Steps(Loop loop, Occupancy body) implements Occupancy {
    private Map<Memory, Long> peakOfLoop(Ranges ranges) {
      Ranges inside = ranges.copy();
      inside.enter(loop);
      Map<Memory, Long> first = body.peak(inside);
      if (inside.isLast(loop)) {
        return first;
      }
      inside.skipToLast(loop);
      return merge(List.of(first, body.peak(inside)), false);
    }
  }

  /** Only in the last step of a loop. */
  record LastStep(Loop loop, Occupancy body) implements Occupancy {}

  /** The largest of them. */
  record Largest(List<Occupancy> parts) implements Occupancy {}

  /** All of them together. */
  record Together(List<Occupancy> parts) implements Occupancy {}

  /** Most words by memory. */
  default Map<Memory, Long> peak(Ranges ranges) {
    return switch (this) {
      case Nothing _ -> Map.of();
      case Taken taken -> {
        Map<Memory, Long> own =
            Map.of(taken.allocation().memory(), taken.allocation().words(ranges));
        yield merge(List.of(own, taken.body().peak(ranges)), true);
      }
      case Steps steps -> steps.peakOfLoop(ranges);
      case LastStep last -> ranges.isLast(last.loop()) ? last.body().peak(ranges) : Map.of();
      case Largest largest -> merge(peaks(largest.parts(), ranges), false);
      case Together together -> merge(peaks(together.parts(), ranges), true);
    };
  }

  private static List<Map<Memory, Long>> peaks(List<Occupancy> parts, Ranges ranges) {
    List<Map<Memory, Long>> peaks = new ArrayList<>();
    parts.forEach(part -> peaks.add(part.peak(ranges)));
    return peaks;
  }

  private static Map<Memory, Long> merge(List<Map<Memory, Long>> parts, boolean add) {
    Map<Memory, Long> merged = new HashMap<>();
    for (Map<Memory, Long> part : parts) {
      part.forEach(
          (memory, words) -> merged.merge(memory, words, add ? Math::addExact : Math::max));
    }
    return merged;
  }
}
