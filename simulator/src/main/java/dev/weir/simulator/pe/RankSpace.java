package dev.weir.simulator.pe;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The ranks that loops can split, by number, and how the parts of a partitioned rank depend. */
final class RankSpace {

  static final int NONE = -1;

  private final Map<RankName, Integer> numbers = new HashMap<>();
  private final long[] shapes;
  // By outer part: its inner part and the shape of the rank that both are parts of.
  private final int[] inner;
  private final long[] parentShapes;

  RankSpace(Cascade cascade, Shapes shapes) {
    Set<RankName> ranks = new LinkedHashSet<>();
    cascade.einsums().forEach(einsum -> ranks.addAll(einsum.iterationSpace()));
    cascade.tensors().forEach(tensor -> ranks.addAll(tensor.ranks()));
    for (Partition split : cascade.partitions()) {
      ranks.add(split.outer());
      ranks.add(split.inner());
    }
    cascade.partitions().forEach(split -> ranks.remove(split.parent()));
    ranks.forEach(rank -> numbers.put(rank, numbers.size()));
    this.shapes = new long[numbers.size()];
    numbers.forEach((rank, number) -> this.shapes[number] = shapes.of(rank));
    inner = new int[numbers.size()];
    Arrays.fill(inner, NONE);
    parentShapes = new long[numbers.size()];
    for (Partition split : cascade.partitions()) {
      int outer = number(split.outer());
      inner[outer] = numbers.getOrDefault(split.inner(), NONE);
      parentShapes[outer] = shapes.of(split.parent());
    }
  }

  int count() {
    return shapes.length;
  }

  int number(RankName rank) {
    Integer number = numbers.get(rank);
    if (number == null) {
      throw new IllegalArgumentException("rank " + rank + " is none that loops can split");
    }
    return number;
  }

  long shape(int rank) {
    return shapes[rank];
  }

  /** The inner part of an outer part, or {@link #NONE}. */
  int innerOf(int outer) {
    return inner[outer];
  }

  /** Coordinates of the inner part while the outer part covers this range. */
  long innerExtent(int outer, long low, long extent) {
    long full = shapes[inner[outer]];
    return extent == 1 ? Math.clamp(parentShapes[outer] - low * full, 0, full) : full;
  }

  /** Whether the last step of an outer part is shorter than the others. */
  boolean hasShortLastStep(int outer) {
    return inner[outer] != NONE && parentShapes[outer] % shapes[inner[outer]] != 0;
  }

  long parentShape(int outer) {
    return parentShapes[outer];
  }
}
