package dev.weir.simulator.stats;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a run went over time: what had happened up to each of some cycles. Between two points lies
 * what happened in between, whatever the simulator skipped there.
 *
 * @param points by cycle, the first at 0
 */
public record Profile(List<Point> points) {

  /** Of a run that was not watched. */
  public static final Profile NONE = new Profile(List.of());

  /**
   * All that had happened up to a cycle.
   *
   * @param units where the cycles of every unit went
   * @param portCycles cycles that the words so far would have taken through the ports of the
   *     busiest instance of each level at full rate, the fuller direction counting; levels without
   *     limited bandwidth are missing
   */
  public record Point(
      long cycle, Map<UnitName, UnitCycles> units, Map<LevelName, Double> portCycles) {
    public Point {
      units = Collections.unmodifiableMap(new LinkedHashMap<>(units));
      portCycles = Collections.unmodifiableMap(new LinkedHashMap<>(portCycles));
    }
  }

  public Profile {
    points = List.copyOf(points);
  }
}
