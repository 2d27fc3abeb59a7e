package dev.weir.mapper.interpret;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.schedule.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Adds up what a run does. */
final class Tally {

  private final Map<Counts.Traffic, long[]> words = new HashMap<>();
  private final Map<Counts.Work, long[]> operations = new HashMap<>();

  void move(TensorName tensor, LevelName level, Movement movement, long count) {
    words.computeIfAbsent(new Counts.Traffic(tensor, level, movement), _ -> new long[1])[0] +=
        count;
  }

  void operate(Node.Compute compute, Map<OperationKind, Integer> kinds) {
    kinds.forEach(
        (kind, count) ->
            operations
                    .computeIfAbsent(
                        new Counts.Work(compute.einsum(), compute.unit(), kind), _ -> new long[1])[
                    0] +=
                count);
  }

  Counts counts(SortedMap<LevelName, Long> peakOccupancyWords) {
    return new Counts(sums(words), sums(operations), peakOccupancyWords);
  }

  private static <K extends Comparable<K>> SortedMap<K, Long> sums(Map<K, long[]> counters) {
    SortedMap<K, Long> sums = new TreeMap<>();
    counters.forEach((key, counter) -> sums.put(key, counter[0]));
    return sums;
  }
}
