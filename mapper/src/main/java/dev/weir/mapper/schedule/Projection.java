package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which ranks of the loops decide the tile of a tensor, one part a rank of the tensor. All accesses
 * of the cascade must agree on it.
 *
 * @param tensor which tensor
 * @param parts in the tensor's rank order
 */
public record Projection(TensorName tensor, List<Part> parts) {

  /** How one rank of a tensor follows the loops. */
  public sealed interface Part {

    /** Follows one rank. */
    record Plain(RankName rank) implements Part {}

    /** Follows both parts of a partitioned rank. */
    record Joined(RankName parent, RankName outer, RankName inner) implements Part {}

    /** Its generations, of which a tile has one. */
    record Generation(RankName rank) implements Part {}

    /** Read in a way, or in several ways, from which no tile follows. */
    record Irregular(List<Index> indices) implements Part {
      public Irregular {
        indices = List.copyOf(indices);
      }
    }
  }

  public Projection {
    parts = List.copyOf(parts);
  }

  /** The projections of all tensors. A tensor that only conditions read follows its own ranks. */
  public static Map<TensorName, Projection> all(Cascade cascade) {
    Map<TensorName, List<Access>> accesses = new HashMap<>();
    for (Einsum einsum : cascade.einsums()) {
      Stream.concat(Stream.of(einsum.output()), einsum.value().reads())
          .forEach(a -> accesses.computeIfAbsent(a.tensor(), _ -> new ArrayList<>()).add(a));
    }
    Map<TensorName, Projection> projections = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      List<Part> parts = new ArrayList<>();
      for (int at = 0; at < tensor.ranks().size(); at++) {
        parts.add(part(tensor, at, accesses.getOrDefault(tensor.name(), List.of())));
      }
      projections.put(tensor.name(), new Projection(tensor.name(), parts));
    }
    return projections;
  }

  private static Part part(Tensor tensor, int at, List<Access> accesses) {
    RankName own = tensor.ranks().get(at);
    if (tensor.generations().filter(own::equals).isPresent()) {
      return new Part.Generation(own);
    }
    List<Index> indices = accesses.stream().map(a -> a.indices().get(at)).distinct().toList();
    if (indices.isEmpty()) {
      return new Part.Plain(own);
    }
    if (indices.size() == 1 && indices.getFirst() instanceof Index.Coordinate c) {
      return new Part.Plain(c.rank());
    }
    if (indices.size() == 1 && indices.getFirst() instanceof Index.Joined j) {
      return new Part.Joined(j.parent(), j.outer(), j.inner());
    }
    return new Part.Irregular(indices);
  }

  /** Whether every part follows the loops. */
  public boolean isRegular() {
    return parts.stream().noneMatch(Part.Irregular.class::isInstance);
  }

  /**
   * Whether the tile changes with a rank. An inner part that is a rank of the tensor changes with
   * its outer part too, as that decides how long it is.
   */
  public boolean has(RankName rank, Cascade cascade) {
    return parts.stream().anyMatch(part -> has(part, rank))
        || cascade.partitions().stream()
            .filter(split -> split.outer().equals(rank))
            .anyMatch(split -> parts.contains(new Part.Plain(split.inner())));
  }

  private static boolean has(Part part, RankName rank) {
    return switch (part) {
      case Part.Plain plain -> plain.rank().equals(rank);
      case Part.Joined joined -> joined.outer().equals(rank) || joined.inner().equals(rank);
      case Part.Generation generation -> generation.rank().equals(rank);
      case Part.Irregular irregular ->
          irregular.indices().stream().flatMap(Index::ranks).anyMatch(rank::equals);
    };
  }

  /** Words of the tile; one generation of a generational tensor. */
  public long words(Ranges ranges, Shapes shapes) {
    return parts.stream()
        .mapToLong(part -> words(part, ranges, shapes))
        .reduce(1, Math::multiplyExact);
  }

  private long words(Part part, Ranges ranges, Shapes shapes) {
    return switch (part) {
      case Part.Plain plain -> ranges.extent(plain.rank());
      case Part.Joined joined -> {
        Ranges.Range outer = ranges.of(joined.outer());
        long inner = shapes.of(joined.inner());
        yield outer.extent() == 1
            ? ranges.extent(joined.inner())
            : Math.min(outer.to() * inner, shapes.of(joined.parent())) - outer.from() * inner;
      }
      case Part.Generation _ -> 1;
      case Part.Irregular _ ->
          throw new IllegalStateException("no tile follows from the accesses to " + tensor);
    };
  }
}
