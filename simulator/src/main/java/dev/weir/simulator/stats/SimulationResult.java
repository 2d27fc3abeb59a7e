package dev.weir.simulator.stats;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One simulated run of a schedule.
 *
 * @param counts words, operations and occupancy as the simulator itself counted them
 * @param cycles from the first transfer to the last
 * @param units where the time of every compute unit went
 * @param levels what passed every memory level
 * @param timeline some windows of the run in detail, if that was asked for
 * @param profile how the run went over time, if that was asked for
 */
public record SimulationResult(
    Counts counts,
    long cycles,
    SortedMap<UnitName, UnitStatistics> units,
    SortedMap<LevelName, LevelStatistics> levels,
    Timeline timeline,
    Profile profile) {

  public SimulationResult {
    units = Collections.unmodifiableSortedMap(new TreeMap<>(units));
    levels = Collections.unmodifiableSortedMap(new TreeMap<>(levels));
    for (Map.Entry<UnitName, UnitStatistics> unit : units.entrySet()) {
      long accounted = unit.getValue().busyCycles() + unit.getValue().allStallCycles();
      if (accounted != cycles) {
        throw new IllegalArgumentException(
            unit.getKey() + ": " + accounted + " of " + cycles + " cycles are accounted for");
      }
    }
  }
}
