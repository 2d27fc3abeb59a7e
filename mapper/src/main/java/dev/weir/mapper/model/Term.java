package dev.weir.mapper.model;

import dev.weir.mapper.count.Counts;
import java.util.Optional;

/**
 * A summand of the counts: what is counted, and over which iterations.
 *
 * @param traffic words of what, where; empty when operations are counted
 * @param work operations; empty when words are counted
 * @param factor what an iteration counts, negative where a class of iterations is taken out again
 * @param product over which iterations
 */
record Term(
    Optional<Counts.Traffic> traffic,
    Optional<Counts.Work> work,
    long factor,
    PathProduct product) {

  static Term words(Counts.Traffic traffic, long factor, PathProduct product) {
    return new Term(Optional.of(traffic), Optional.empty(), factor, product);
  }

  static Term operations(Counts.Work work, long factor, PathProduct product) {
    return new Term(Optional.empty(), Optional.of(work), factor, product);
  }

  long value(Ranges ranges, int from) {
    return Math.multiplyExact(factor, product.value(ranges, from));
  }
}
