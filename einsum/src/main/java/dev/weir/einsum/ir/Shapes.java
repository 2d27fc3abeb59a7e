package dev.weir.einsum.ir;

import dev.weir.einsum.source.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

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
    return complete(given, partitions, Map.of());
  }

  /**
   * The same where some shapes follow from others.
   *
   * @param derived what they are; none depends on itself
   */
  public static Shapes complete(
      Map<RankName, Long> given, List<Partition> partitions, Map<RankName, Quantity> derived) {
    Map<RankName, Long> all = new HashMap<>(given);
    derived.keySet().forEach(rank -> derive(rank, all, partitions, derived));
    for (Partition partition : partitions) {
      long parent = all.get(partition.parent());
      long inner = all.computeIfAbsent(partition.inner(), _ -> parent);
      all.put(partition.outer(), Math.ceilDiv(parent, inner));
    }
    return new Shapes(all);
  }

  private static long derive(
      RankName rank,
      Map<RankName, Long> all,
      List<Partition> partitions,
      Map<RankName, Quantity> derived) {
    Long known = all.get(rank);
    if (known != null) {
      return known;
    }
    Quantity quantity = derived.get(rank);
    if (quantity != null) {
      long value = derive(rank, quantity, other -> derive(other, all, partitions, derived));
      if (value < 1) {
        throw new InvalidInputException(
            "shape of rank %s follows from others and is %d (expected 1 or more elements)"
                .formatted(rank, value),
            Optional.empty());
      }
      all.put(rank, value);
      return value;
    }
    for (Partition split : partitions) {
      if (split.outer().equals(rank)) {
        return Math.ceilDiv(
            derive(split.parent(), all, partitions, derived),
            derive(split.inner(), all, partitions, derived));
      }
      if (split.inner().equals(rank)) {
        return derive(split.parent(), all, partitions, derived);
      }
    }
    throw new IllegalArgumentException("rank " + rank + " has no shape");
  }

  private static long derive(RankName rank, Quantity quantity, ToLongFunction<RankName> shape) {
    return switch (quantity) {
      case Quantity.OfShape of -> shape.applyAsLong(of.rank());
      case Quantity.OfIndex(Index.Fixed fixed) -> fixed.coordinate();
      case Quantity.Combined c -> {
        long right = derive(rank, c.right(), shape);
        if (c.operator().divides() && right == 0) {
          throw new InvalidInputException(
              "shape of rank %s divides by 0 (got a divisor that is 0 at these shapes, expected another one)"
                  .formatted(rank),
              Optional.empty());
        }
        yield c.operator().apply(derive(rank, c.left(), shape), right);
      }
      case Quantity.OfIndex _, Quantity.OfNumber _, Quantity.OfScalar _ ->
          throw new IllegalArgumentException("a shape depends on shapes only: " + quantity);
    };
  }

  /** Shape of a rank in elements. */
  public long of(RankName rank) {
    Long shape = shapes.get(rank);
    if (shape == null) {
      throw new IllegalArgumentException("rank " + rank + " has no shape");
    }
    return shape;
  }

  /** Shape of a rank in elements; nothing when none was given for it. */
  OptionalLong known(RankName rank) {
    Long shape = shapes.get(rank);
    return shape == null ? OptionalLong.empty() : OptionalLong.of(shape);
  }

  /** Coordinates of the inner part at one step of the outer part; fewer than M0 in the last. */
  public long innerShape(Partition partition, long outerCoordinate) {
    long inner = of(partition.inner());
    return Math.clamp(of(partition.parent()) - outerCoordinate * inner, 0, inner);
  }
}
