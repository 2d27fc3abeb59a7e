package dev.weir.mapper.model;

import dev.weir.einsum.ir.Index;
import dev.weir.mapper.schedule.Projection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Ranks of a tensor that are read through affine indices or head maps, so that the words of a tile
 * depend on where it is: those that share ranks of the loops are counted together.
 *
 * @param parts windows and head maps
 * @param groups of the ranks that they read
 */
record MappedPart(List<Projection.Part> parts, Set<Integer> groups) {

  MappedPart {
    parts = List.copyOf(parts);
    groups = Set.copyOf(groups);
  }

  /** All of a tensor, none of which has a group that another one has. */
  static List<MappedPart> all(Projection projection, RankTable ranks) {
    List<MappedPart> found = new ArrayList<>();
    for (Projection.Part part : projection.parts()) {
      Optional<MappedPart> mapped =
          switch (part) {
            case Projection.Part.HeadMap map ->
                Optional.of(
                    one(part, Stream.of(new Index.HeadMap(map.rank(), map.target())), ranks));
            case Projection.Part.Window window ->
                Optional.of(one(part, window.indices().stream(), ranks));
            case Projection.Part.Plain _,
                Projection.Part.Joined _,
                Projection.Part.Generation _,
                Projection.Part.Whole _ ->
                Optional.empty();
          };
      mapped.ifPresent(more -> join(found, more));
    }
    return List.copyOf(found);
  }

  private static MappedPart one(
      Projection.Part part, Stream<? extends Index> indices, RankTable ranks) {
    Set<Integer> groups = new HashSet<>();
    indices.flatMap(Index::ranks).forEach(rank -> groups.add(ranks.place(rank).group()));
    return new MappedPart(List.of(part), groups);
  }

  private static void join(List<MappedPart> found, MappedPart more) {
    List<Projection.Part> parts = new ArrayList<>();
    Set<Integer> groups = new HashSet<>(more.groups);
    for (MappedPart other : List.copyOf(found)) {
      if (other.groups.stream().anyMatch(more.groups::contains)) {
        parts.addAll(other.parts);
        groups.addAll(other.groups);
        found.remove(other);
      }
    }
    parts.addAll(more.parts);
    found.add(new MappedPart(parts, groups));
  }
}
