package dev.weir.cli.experiment;

import dev.weir.mapper.count.Counts;
import dev.weir.mapper.model.Accuracy;
import dev.weir.mapper.model.Cost;
import dev.weir.reports.model.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
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
 * claim is an upper bound, none may be below what was counted; where it is expected, it must be
 * near the mean of some runs.
 */
final class CountCheck {

  private static final int SHOWN = 3;

  /** More than chance explains, whatever number of counts is compared. */
  private static final int STANDARD_ERRORS = 6;

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
    boolean isUpperBound = cost.accuracy() instanceof Accuracy.UpperBound;
    new CountCheck(isUpperBound).check(where, cost.counts(), who, counted, section);
  }

  /**
   * Compares expected counts with the mean of runs, each with tables of its own.
   *
   * @param where shapes, for people
   * @param runs several
   */
  static void mean(String where, Cost cost, List<Counts> runs, SectionBuilder section) {
    CountCheck check = new CountCheck(false);
    Map<String, Long> claimed = all(cost.counts());
    List<Map<String, Long>> counted = runs.stream().map(CountCheck::all).toList();
    Set<String> names = new LinkedHashSet<>(claimed.keySet());
    counted.forEach(run -> names.addAll(run.keySet()));
    for (String name : names) {
      check.near(
          name,
          claimed.getOrDefault(name, 0L),
          counted.stream().mapToLong(run -> run.getOrDefault(name, 0L)).toArray());
    }
    section.check(
        "counts of the cost model are expected values" + where,
        "mean of %d runs of the interpreter, each with other tables".formatted(runs.size()),
        check.differences.isEmpty() ? Outcome.PASSED : Outcome.FAILED,
        check.differences.isEmpty()
            ? "all %d within %d standard errors".formatted(names.size(), STANDARD_ERRORS)
            : check.shown(names.size(), "differ"));
  }

  private void near(String name, long claimed, long[] counted) {
    double mean = Arrays.stream(counted).average().orElse(0);
    double squares = Arrays.stream(counted).mapToDouble(c -> (c - mean) * (c - mean)).sum();
    double error = Math.sqrt(squares / (counted.length - 1) / counted.length);
    if (Math.abs(claimed - mean) > STANDARD_ERRORS * error + 1) {
      differences.add("%s %,d and %,.1f ± %,.1f".formatted(name, claimed, mean, error));
    }
  }

  private static Map<String, Long> all(Counts counts) {
    Map<String, Long> all = words(counts);
    all.putAll(operations(counts));
    all.putAll(occupancy(counts));
    return all;
  }

  private String shown(int compared, String how) {
    return "%d of %d %s: %s"
        .formatted(
            differences.size(),
            compared,
            how,
            String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size()))));
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
            : shown(compared, isUpperBound ? "are too small" : "differ"));
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
