package dev.weir.simulator.machine;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ranks of a cascade by number, with their shapes and partitions. */
final class Ranks {

  /** Number of a rank that is missing. */
  static final int NONE = -1;

  private final Map<RankName, Integer> numbers = new HashMap<>();
  private final List<RankName> names = new ArrayList<>();
  private final long[] shapes;
  private final int[] innerOf;
  private final long[] parentShapeOf;
  private final boolean[] conditioned;

  Ranks(Cascade cascade, Shapes shapes) {
    Set<RankName> all = new LinkedHashSet<>();
    for (Einsum einsum : cascade.einsums()) {
      all.addAll(einsum.iterationSpace());
    }
    cascade.tensors().forEach(tensor -> all.addAll(tensor.ranks()));
    cascade.partitions().forEach(split -> all.addAll(List.of(split.outer(), split.inner())));
    for (RankName rank : all) {
      numbers.put(rank, names.size());
      names.add(rank);
    }
    this.shapes = names.stream().mapToLong(shapes::of).toArray();
    innerOf = new int[names.size()];
    parentShapeOf = new long[names.size()];
    Arrays.fill(innerOf, NONE);
    for (Partition split : cascade.partitions()) {
      int outer = number(split.outer());
      innerOf[outer] = number(split.inner());
      parentShapeOf[outer] = shapes.of(split.parent());
    }
    conditioned = new boolean[names.size()];
    for (Einsum einsum : cascade.einsums()) {
      einsum
          .condition()
          .map(this::ranksOf)
          .orElse(Set.of())
          .forEach(rank -> conditioned[rank] = true);
    }
  }

  int count() {
    return names.size();
  }

  int number(RankName rank) {
    Integer number = numbers.get(rank);
    if (number == null) {
      throw new IllegalArgumentException("cascade has no rank " + rank);
    }
    return number;
  }

  RankName name(int rank) {
    return names.get(rank);
  }

  long shape(int rank) {
    return shapes[rank];
  }

  /** Ranks of a condition, each with the other part of its partition. */
  Set<Integer> ranksOf(Condition condition) {
    Set<Integer> found = new HashSet<>();
    condition.ranks().forEach(rank -> found.add(number(rank)));
    for (int rank : List.copyOf(found)) {
      if (outerOf(rank) != NONE) {
        found.add(outerOf(rank));
      }
      if (innerOf(rank) != NONE) {
        found.add(innerOf(rank));
      }
    }
    return found;
  }

  /** Whether coordinates of a rank decide which points of an Einsum are there. */
  boolean isConditioned(int rank) {
    return conditioned[rank];
  }

  /** The inner part, if this is the outer part of a partitioned rank, else {@link #NONE}. */
  int innerOf(int rank) {
    return innerOf[rank];
  }

  /** The outer part, if this is the inner part of a partitioned rank, else {@link #NONE}. */
  int outerOf(int rank) {
    for (int outer = 0; outer < innerOf.length; outer++) {
      if (innerOf[outer] == rank) {
        return outer;
      }
    }
    return NONE;
  }

  /** Shape of the rank that this outer part splits. */
  long parentShape(int outer) {
    return parentShapeOf[outer];
  }

  /** Whether the inner part is shorter under the last coordinate of this rank. */
  boolean hasShortLastStep(int rank) {
    return innerOf[rank] != NONE && parentShapeOf[rank] % shapes[innerOf[rank]] != 0;
  }
}
