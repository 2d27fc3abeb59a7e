package dev.weir.cli.experiment;

import dev.weir.mapper.count.Counts;
import dev.weir.mapper.model.Cost;
import dev.weir.reports.model.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Two readers that must have counted the same: words, operations and peak occupancy. Where the
 * claim is an upper bound, none may be below what was counted.
 */
final class CountCheck {

  private static final int SHOWN = 3;

  private final boolean isUpperBound;
  private final List<String> differences = new ArrayList<>();

  private CountCheck(boolean isUpperBound) {
    this.isUpperBound = isUpperBound;
  }

  /**
   * Compares the counts of a cost.
   *
   * @param where shapes, for people; may be empty
   */
  static void run(String where, Cost cost, String who, Counts counted, SectionBuilder section) {
    new CountCheck(cost.denseUpperBound()).check(where, cost.counts(), who, counted, section);
  }

  private void check(
      String where, Counts claimed, String who, Counts counted, SectionBuilder section) {
    int compared =
        compare(words(claimed), words(counted))
            + compare(operations(claimed), operations(counted))
            + compare(occupancy(claimed), occupancy(counted));
    section.check(
        (isUpperBound ? "counts of the cost model are an upper bound" : "counts of the cost model")
            + where,
        "counts of " + who,
        differences.isEmpty() ? Outcome.PASSED : Outcome.FAILED,
        differences.isEmpty()
            ? "all %d %s".formatted(compared, isUpperBound ? "at least as large" : "equal")
            : "%d of %d %s: %s"
                .formatted(
                    differences.size(),
                    compared,
                    isUpperBound ? "are too small" : "differ",
                    String.join(
                        "; ", differences.subList(0, Math.min(SHOWN, differences.size())))));
  }

  private int compare(Map<String, Long> claimed, Map<String, Long> counted) {
    Set<String> names = new LinkedHashSet<>(claimed.keySet());
    names.addAll(counted.keySet());
    for (String name : names) {
      long one = claimed.getOrDefault(name, 0L);
      long other = counted.getOrDefault(name, 0L);
      if (isUpperBound ? one < other : one != other) {
        differences.add("%s %,d and %,d".formatted(name, one, other));
      }
    }
    return names.size();
  }

  private static Map<String, Long> words(Counts counts) {
    return named(
        counts.trafficWords(),
        key ->
            "words of %s at %s, %s"
                .formatted(
                    key.tensor(),
                    key.level(),
                    key.movement().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
  }

  private static Map<String, Long> operations(Counts counts) {
    return named(
        counts.operations(),
        key -> "%s operations of %s on %s".formatted(key.kind().text(), key.einsum(), key.unit()));
  }

  private static Map<String, Long> occupancy(Counts counts) {
    return named(counts.peakOccupancyWords(), level -> "words occupied at " + level);
  }

  private static <K> Map<String, Long> named(SortedMap<K, Long> counts, Function<K, String> name) {
    Map<String, Long> named = new LinkedHashMap<>();
    counts.forEach((key, count) -> named.put(name.apply(key), count));
    return named;
  }
}
