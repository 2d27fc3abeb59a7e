package dev.weir.simulator.machine;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** All counters of a run by number. */
public final class Counters implements Stateful {

  /** What one execution of something adds. */
  static final class Increment {
    static final Increment NONE = new Builder().build();

    private final int[] numbers;
    private final long[] amounts;

    private Increment(int[] numbers, long[] amounts) {
      this.numbers = numbers;
      this.amounts = amounts;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Increment that
          && Arrays.equals(numbers, that.numbers)
          && Arrays.equals(amounts, that.amounts);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(numbers) + Arrays.hashCode(amounts);
    }
  }

  /** Collects an increment. */
  static final class Builder {
    private final Map<Integer, Long> amounts = new TreeMap<>();

    void add(int counter, long amount) {
      if (amount != 0) {
        amounts.merge(counter, amount, Math::addExact);
      }
    }

    Increment build() {
      return new Increment(
          amounts.keySet().stream().mapToInt(Integer::intValue).toArray(),
          amounts.values().stream().mapToLong(Long::longValue).toArray());
    }
  }

  private final Map<Object, Integer> numbers = new HashMap<>();
  private final List<Object> keys = new ArrayList<>();
  private long[] values = new long[16];

  int traffic(TensorName tensor, LevelName level, Movement movement) {
    return number(new Counts.Traffic(tensor, level, movement));
  }

  int work(TensorName einsum, UnitName unit, OperationKind kind) {
    return number(new Counts.Work(einsum, unit, kind));
  }

  private int number(Object key) {
    return numbers.computeIfAbsent(
        key,
        _ -> {
          keys.add(key);
          values = Arrays.copyOf(values, Math.max(values.length, 2 * keys.size()));
          return keys.size() - 1;
        });
  }

  void add(Increment increment) {
    for (int i = 0; i < increment.numbers.length; i++) {
      values[increment.numbers[i]] += increment.amounts[i];
    }
  }

  @Override
  public void walk(StateWalk walk) {
    for (int i = 0; i < keys.size(); i++) {
      values[i] = walk.total(values[i]);
    }
  }

  /** What was counted so far. */
  public Counts counts(SortedMap<LevelName, Long> peakOccupancyWords) {
    SortedMap<Counts.Traffic, Long> traffic = new TreeMap<>();
    SortedMap<Counts.Work, Long> operations = new TreeMap<>();
    for (int i = 0; i < keys.size(); i++) {
      switch (keys.get(i)) {
        case Counts.Traffic moved -> traffic.put(moved, values[i]);
        case Counts.Work done -> operations.put(done, values[i]);
        case Object other -> throw new AssertionError(other);
      }
    }
    return new Counts(traffic, operations, peakOccupancyWords);
  }
}
