package dev.weir.simulator.stats;

import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a run that ended before its end.
 *
 * @param counts words and operations of all nests and transfers that have begun
 * @param cycles that were simulated
 * @param units where these cycles went
 */
public record PartialResult(
    Counts counts, long cycles, SortedMap<UnitName, UnitCycles> units, Timeline timeline) {

  public PartialResult {
    units = Collections.unmodifiableSortedMap(new TreeMap<>(units));
  }
}
