package dev.weir.mapper.interpret;

import dev.weir.einsum.ir.Populate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What a populate action has put in order so far, output fiber by output fiber. */
final class Slots {

  /** A value and the coordinate that goes to a slot. */
  private record Entry(double value, long coordinate) {}

  /**
   * An output fiber in an entry of its outermost home.
   *
   * @param at its first slot
   */
  record Fiber(long production, List<Long> at) {}

  private final Populate populate;
  private final Map<Fiber, List<Entry>> found = new HashMap<>();
  private final Map<Fiber, Double> masses = new HashMap<>();

  Slots(Populate populate) {
    this.populate = populate;
  }

  /**
   * Puts a value in order.
   *
   * @param mass sum that is enough, if there is one
   */
  void add(Fiber fiber, double value, long coordinate, OptionalDouble mass) {
    found.computeIfAbsent(fiber, _ -> new ArrayList<>()).add(new Entry(value, coordinate));
    mass.ifPresent(bound -> masses.putIfAbsent(fiber, bound));
  }

  /** Ends the order of a fiber: the coordinates that its slots get, at most so many. */
  List<Long> take(Fiber fiber, long slots) {
    List<Entry> entries = found.getOrDefault(fiber, new ArrayList<>());
    found.remove(fiber);
    double enough = masses.getOrDefault(fiber, Double.POSITIVE_INFINITY);
    masses.remove(fiber);
    Comparator<Entry> rising = Comparator.comparingDouble(Entry::value);
    Comparator<Entry> byValue =
        switch (populate.order()) {
          case LARGEST_FIRST -> rising.reversed();
          case SMALLEST_FIRST -> rising;
        };
    entries.sort(byValue.thenComparingLong(Entry::coordinate));
    List<Long> taken = new ArrayList<>();
    double sum = 0;
    for (Entry entry : entries) {
      boolean isEnough = !taken.isEmpty() && populate.mass().isPresent() && sum >= enough;
      if (isEnough || taken.size() == slots) {
        break;
      }
      taken.add(entry.coordinate());
      sum += entry.value();
    }
    return taken;
  }
}
