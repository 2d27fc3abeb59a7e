package dev.weir.simulator.engine;

import dev.weir.einsum.ir.TensorName;
import dev.weir.simulator.stats.Timeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps the first segments of every lane. */
final class TimelineRecorder {

  private final int mostPerLane;
  private final Map<Timeline.Lane, Integer> counts = new HashMap<>();
  private final List<Timeline.Segment> segments = new ArrayList<>();
  private boolean begun;
  private boolean ended;

  TimelineRecorder(int mostPerLane) {
    this.mostPerLane = mostPerLane;
    this.begun = mostPerLane == 0;
  }

  boolean isOpen(Timeline.Lane lane) {
    return !ended && mostPerLane > 0 && counts.getOrDefault(lane, 0) < mostPerLane;
  }

  void add(
      Timeline.Lane lane,
      List<TensorName> tensors,
      Timeline.Activity activity,
      long startCycle,
      long endCycle) {
    begun |= counts.merge(lane, 1, Integer::sum) == mostPerLane;
    segments.add(new Timeline.Segment(lane, tensors, activity, startCycle, endCycle));
  }

  /** Whether a lane is full: a skip leaves a beginning worth seeing. */
  boolean isBegun() {
    return begun;
  }

  /** Cycles are skipped, so what comes does not belong to the beginning. */
  void end() {
    ended = true;
  }

  Timeline timeline() {
    segments.sort(Comparator.comparingLong(Timeline.Segment::startCycle));
    return new Timeline(segments);
  }
}
