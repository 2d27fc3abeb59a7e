package dev.weir.mapper.search;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a search found, and what it looked at to know. When it is complete, every point of the space
 * was evaluated or excluded for a counted reason, so the best one is optimal over the space.
 *
 * @param objective what was made as small as possible
 * @param best the best point, the first of equals; empty when no point is legal
 * @param alternatives points than which no other one is better in latency and no worse in energy,
 *     or the other way round; fastest first, the first of equals
 * @param spaceSize points of the space
 * @param evaluated points whose cost was evaluated
 * @param prunedByReason points that were not, by why not
 * @param complete whether the search ran to its end; if not, points are missing from the sums above
 */
public record SearchResult(
    Objective objective,
    Optional<Candidate> best,
    List<Candidate> alternatives,
    long spaceSize,
    long evaluated,
    SortedMap<String, Long> prunedByReason,
    boolean complete) {

  public SearchResult {
    alternatives = List.copyOf(alternatives);
    prunedByReason = Collections.unmodifiableSortedMap(new TreeMap<>(prunedByReason));
  }

  /** Points that were excluded without evaluating their cost. */
  public long pruned() {
    return prunedByReason.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What is known about the best point, in one sentence. */
  public String proof() {
    String looked =
        "%d of %d points evaluated, %d excluded".formatted(evaluated, spaceSize, pruned());
    if (!complete) {
      return "best so far, search interrupted: " + looked;
    }
    return best.isPresent()
        ? "optimal over the given space: " + looked
        : "no legal point: " + looked + " (" + exclusions() + ")";
  }

  /**
   * The reasons for which points were excluded, each with how many: {@code illegal: capacity 3}.
   */
  public String exclusions() {
    return prunedByReason.entrySet().stream()
        .map(reason -> reason.getKey() + " " + reason.getValue())
        .collect(Collectors.joining(", "));
  }
}
