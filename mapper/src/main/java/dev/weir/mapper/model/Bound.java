package dev.weir.mapper.model;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.schedule.NodePath;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What limits a phase, in its longest execution: the whole schedule is a phase, and so is every
 * part of a {@code seq} that is not inside a pipeline.
 *
 * @param phase where the phase stands
 * @param structureCycles cycles that follow from what must come after what
 * @param bandwidthCycles cycles in which each level can move the words of the phase; levels whose
 *     bandwidth never limits are left out
 */
public record Bound(
    NodePath phase, long structureCycles, SortedMap<LevelName, Long> bandwidthCycles) {

  public Bound {
    bandwidthCycles = Collections.unmodifiableSortedMap(new TreeMap<>(bandwidthCycles));
  }

  /** Cycles of the phase: the largest of all bounds. */
  public long cycles() {
    return bandwidthCycles.values().stream().reduce(structureCycles, Math::max);
  }

  /** The level that limits the phase; empty when its structure does. */
  public Optional<LevelName> limitingLevel() {
    return bandwidthCycles.entrySet().stream()
        .filter(level -> level.getValue() > structureCycles)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
  }
}
