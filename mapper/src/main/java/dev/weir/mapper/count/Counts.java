package dev.weir.mapper.count;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run of a schedule does, apart from when. Interpreter, cost model and simulator must agree
 * on it exactly. Entries that are 0 are left out.
 *
 * @param trafficWords words by tensor, level and movement, all instances together
 * @param operations by Einsum, unit and kind, all instances together
 * @param peakOccupancyWords the most words that are allocated at a time in one instance of a level;
 *     the top level is left out
 */
public record Counts(
    SortedMap<Traffic, Long> trafficWords,
    SortedMap<Work, Long> operations,
    SortedMap<LevelName, Long> peakOccupancyWords) {

  /** What moves where. */
  public record Traffic(TensorName tensor, LevelName level, Movement movement)
      implements Comparable<Traffic> {
    @Override
    public int compareTo(Traffic other) {
      int byLevel = level.compareTo(other.level);
      int byTensor = byLevel != 0 ? byLevel : tensor.compareTo(other.tensor);
      return byTensor != 0 ? byTensor : movement.compareTo(other.movement);
    }
  }

  /** Who computes what for which Einsum. */
  public record Work(TensorName einsum, UnitName unit, OperationKind kind)
      implements Comparable<Work> {
    @Override
    public int compareTo(Work other) {
      int byUnit = unit.compareTo(other.unit);
      int byEinsum = byUnit != 0 ? byUnit : einsum.compareTo(other.einsum);
      return byEinsum != 0 ? byEinsum : kind.compareTo(other.kind);
    }
  }

  public Counts {
    trafficWords = withoutZeros(trafficWords);
    operations = withoutZeros(operations);
    peakOccupancyWords = withoutZeros(peakOccupancyWords);
  }

  private static <K extends Comparable<K>> SortedMap<K, Long> withoutZeros(Map<K, Long> counts) {
    SortedMap<K, Long> copy = new TreeMap<>(counts);
    copy.values().removeIf(count -> count == 0);
    return Collections.unmodifiableSortedMap(copy);
  }

  /** Words read from a level, or written to it, by all tensors. */
  public long words(LevelName level, boolean read) {
    return trafficWords.entrySet().stream()
        .filter(e -> e.getKey().level().equals(level) && e.getKey().movement().isRead() == read)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
