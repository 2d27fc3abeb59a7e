package dev.weir.mapper.interpret;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Ranges;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** All points that some ranks have in their current ranges. */
final class Points {

  private Points() {}

  /** The ranks in an order in which an outer part decides first how long its inner part is. */
  static List<RankName> outerFirst(Collection<RankName> ranks, List<Partition> partitions) {
    Set<RankName> inner = partitions.stream().map(Partition::inner).collect(Collectors.toSet());
    return ranks.stream().distinct().sorted(Comparator.comparing(inner::contains)).toList();
  }

  /**
   * Whether a point fulfils something; those after it are not looked at.
   *
   * @param ranks outer parts first
   * @param found asked with ranges in which each of the ranks is a single coordinate
   */
  static boolean any(List<RankName> ranks, Ranges ranges, Predicate<Ranges> found) {
    if (ranks.isEmpty()) {
      return found.test(ranges);
    }
    Ranges.Range range = ranges.of(ranks.getFirst());
    for (long at = range.from(); at < range.to(); at++) {
      Ranges narrowed = ranges.with(ranks.getFirst(), new Ranges.Range(at, at + 1));
      if (any(ranks.subList(1, ranks.size()), narrowed, found)) {
        return true;
      }
    }
    return false;
  }
}
