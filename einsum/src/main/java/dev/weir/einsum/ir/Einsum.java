package dev.weir.einsum.ir;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One extended Einsum. Its iteration space is the product of the ranges of all rank variables of
 * both sides, less the points where the condition fails; ranks missing on the left are reduced.
 *
 * @param output where values go; an Einsum is called by this tensor
 * @param value what is computed at a point
 * @param reduction how values that meet at one output point combine, unless coordinates are
 *     populated
 * @param populate whether the output gets coordinates instead of values
 * @param condition which points are in the iteration space; all when empty
 */
public record Einsum(
    Access output,
    Expression value,
    Monoid reduction,
    Optional<Populate> populate,
    Optional<Condition> condition) {

  /** An Einsum whose output gets values. */
  public Einsum(Access output, Expression value, Monoid reduction, Optional<Condition> condition) {
    this(output, value, reduction, Optional.empty(), condition);
  }

  /** Whether it writes generation 0 of an iterative tensor. */
  public boolean isInitial() {
    return output.indices().stream().anyMatch(Index.Fixed.class::isInstance);
  }

  /** Ranks of the iteration space, those of the output first; slots are no part of it. */
  public Set<RankName> iterationSpace() {
    Set<RankName> ranks = new LinkedHashSet<>(output.ranks().toList());
    populate.map(Populate::slot).ifPresent(ranks::remove);
    value.ranks().forEach(ranks::add);
    condition.stream().flatMap(Condition::ranks).forEach(ranks::add);
    return ranks;
  }

  /**
   * All indices of both sides, of positions, of sums to reach and of conditions; not those inside
   * other indices.
   */
  public Stream<Index> indices() {
    return Stream.of(
            output.indices().stream(),
            value.indices(),
            populate.stream().flatMap(p -> p.mass().stream()).flatMap(Quantity::indices),
            condition.stream().flatMap(Condition::indices))
        .flatMap(Function.identity());
  }

  /** Each access whose values are used as coordinates or in conditions. */
  public List<Access> tables() {
    return indices().flatMap(Index::tables).distinct().toList();
  }

  /** Each access whose values it needs, operands first, then tables. */
  public List<Access> reads() {
    return Stream.concat(value.reads(), tables().stream()).distinct().toList();
  }

  /** Ranks of the iteration space that the output lacks. */
  public Set<RankName> reducedRanks() {
    Set<RankName> ranks = iterationSpace();
    ranks.removeAll(output.ranks().toList());
    return ranks;
  }
}
