package dev.weir.einsum.ir;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The shape of every rank of a cascade, with those of partitioned ranks worked out. */
public final class Shapes {

  private final Map<RankName, Long> shapes;

  private Shapes(Map<RankName, Long> shapes) {
    this.shapes = Map.copyOf(shapes);
  }

  /**
   * Completes given shapes: an inner part without one is as large as its parent, an outer part is
   * the parent divided by the inner part, rounded up.
   *
   * @param given elements by rank, each at least 1; not modified
   * @param partitions parents before their parts
   */
  public static Shapes complete(Map<RankName, Long> given, List<Partition> partitions) {
    Map<RankName, Long> all = new HashMap<>(given);
    for (Partition partition : partitions) {
      long parent = all.get(partition.parent());
      long inner = all.computeIfAbsent(partition.inner(), _ -> parent);
      all.put(partition.outer(), Math.ceilDiv(parent, inner));
    }
    return new Shapes(all);
  }

  /** Shape of a rank in elements. */
  public long of(RankName rank) {
    Long shape = shapes.get(rank);
    if (shape == null) {
      throw new IllegalArgumentException("rank " + rank + " has no shape");
    }
    return shape;
  }

  /** Coordinates of the inner part at one step of the outer part; fewer than M0 in the last. */
  public long innerShape(Partition partition, long outerCoordinate) {
    long inner = of(partition.inner());
    return Math.clamp(of(partition.parent()) - outerCoordinate * inner, 0, inner);
  }
}
