package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How many points an iteration space has. Ragged last steps of partitions are exact. A condition
 * over coordinates is counted exactly by trying all coordinates of its ranks but one, and the one
 * in closed form where the condition is affine in it; one that reads a table, or that has more than
 * {@value #TRIES} coordinates to try, leaves the dense number as an upper bound.
 *
 * @param points how many
 * @param whyUpperBound why the true number may be smaller; empty when it is exact
 */
public record PointCount(long points, Optional<String> whyUpperBound) {

  private static final long TRIES = 1L << 26;

  /** Points of the iteration space of an Einsum, all generations together. */
  public static PointCount of(Einsum einsum, Cascade cascade, Shapes shapes) {
    Set<RankName> space = einsum.iterationSpace();
    long dense = dense(space, cascade, shapes);
    if (einsum.condition().isEmpty()) {
      return new PointCount(dense, Optional.empty());
    }
    Condition condition = einsum.condition().get();
    if (!condition.isWhole()) {
      return new PointCount(dense, Optional.of("its condition reads values"));
    }
    Set<RankName> constrained = withWholePartitions(condition, space, cascade);
    CoordinateCondition coordinates =
        new CoordinateCondition(condition, constrained, cascade.partitions(), shapes);
    if (coordinates.tries() > TRIES) {
      return new PointCount(
          dense, Optional.of("its condition has " + coordinates.tries() + " points to try"));
    }
    Set<RankName> free = new HashSet<>(space);
    free.removeAll(constrained);
    long points = Math.multiplyExact(dense(free, cascade, shapes), coordinates.count());
    return new PointCount(points, Optional.empty());
  }

  /** An inner part ends where its parent does, which only both parts together know. */
  private static Set<RankName> withWholePartitions(
      Condition condition, Set<RankName> space, Cascade cascade) {
    Set<RankName> constrained = new HashSet<>(condition.ranks().toList());
    for (Partition split : cascade.partitions()) {
      List<RankName> parts = List.of(split.outer(), split.inner());
      if (space.containsAll(parts) && parts.stream().anyMatch(constrained::contains)) {
        constrained.addAll(parts);
      }
    }
    return constrained;
  }

  private static long dense(Set<RankName> space, Cascade cascade, Shapes shapes) {
    List<RankName> left = new ArrayList<>(space);
    long points = 1;
    for (Partition split : cascade.partitions()) {
      if (left.containsAll(List.of(split.outer(), split.inner()))) {
        left.removeAll(List.of(split.outer(), split.inner()));
        points = Math.multiplyExact(points, shapes.of(split.parent()));
      }
    }
    for (RankName rank : left) {
      points = Math.multiplyExact(points, shapes.of(rank));
    }
    return points;
  }
}
