package dev.weir.simulator.engine;

import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.Timeline;
import java.util.List;

/** Windows as what they show of their own cycles: what reaches beyond them is cut off. */
final class Clipped {

  private Clipped() {}

  static List<List<String>> windows(Timeline timeline) {
    return timeline.windows().stream().map(Clipped::window).toList();
  }

  private static List<String> window(Timeline.Window window) {
    return window.segments().stream()
        .map(segment -> clipped(segment, window).toString())
        .sorted()
        .toList();
  }

  /** Only what has no other end than a change of state is known to differ outside. */
  private static Segment clipped(Segment segment, Timeline.Window window) {
    long start = Math.max(segment.startCycle(), window.startCycle());
    long end = Math.min(segment.endCycle(), window.endCycle());
    return switch (segment) {
      case Segment.Bandwidth rate ->
          new Segment.Bandwidth(rate.level(), rate.ports(), rate.wordsPerCycle(), start, end);
      case Segment.Room room -> new Segment.Room(room.level(), room.words(), start, end);
      // Of one that goes on when cycles are skipped, the end is not known.
      case Segment.Wait wait -> new Segment.Wait(wait.unit(), wait.reason(), start, end);
      case Segment.Work _, Segment.Transfer _, Segment.Epoch _ -> segment;
    };
  }
}
