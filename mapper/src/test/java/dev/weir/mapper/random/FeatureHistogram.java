package dev.weir.mapper.random;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** How many problems have which feature; several threads may add to it. */
public final class FeatureHistogram {

  private final Map<Feature, LongAdder> counts = new EnumMap<>(Feature.class);
  private final LongAdder problems = new LongAdder();

  /** Of no problems. */
  public FeatureHistogram() {
    for (Feature feature : Feature.values()) {
      counts.put(feature, new LongAdder());
    }
  }

  /** Counts one more problem. */
  public void add(Set<Feature> features) {
    problems.increment();
    features.forEach(feature -> counts.get(feature).increment());
  }

  /** Those that fewer than this share of all problems have. */
  public Set<Feature> rarerThan(double share) {
    return Arrays.stream(Feature.values())
        .filter(feature -> counts.get(feature).sum() < share * problems.sum())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Feature.class)));
  }

  /** One line a feature: problems and percent. */
  @Override
  public String toString() {
    return counts.entrySet().stream()
        .map(
            entry ->
                "%-18s %6d %5.1f %%"
                    .formatted(
                        entry.getKey().text(),
                        entry.getValue().sum(),
                        100.0 * entry.getValue().sum() / problems.sum()))
        .collect(Collectors.joining("\n", problems.sum() + " problems\n", ""));
  }
}
