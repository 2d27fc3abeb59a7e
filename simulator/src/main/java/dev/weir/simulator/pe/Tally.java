package dev.weir.simulator.pe;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Adds up words and operations as they happen. */
final class Tally {

  private final Map<Counts.Traffic, Long> words = new HashMap<>();
  private final Map<Counts.Work, Long> operations = new HashMap<>();

  void move(TensorName tensor, LevelName level, Movement movement, long count) {
    words.merge(new Counts.Traffic(tensor, level, movement), count, Math::addExact);
  }

  void operate(Counts.Work work, long count) {
    operations.merge(work, count, Math::addExact);
  }

  Counts counts(Map<LevelName, Long> peakOccupancyWords) {
    return new Counts(
        new TreeMap<>(words), new TreeMap<>(operations), new TreeMap<>(peakOccupancyWords));
  }
}
