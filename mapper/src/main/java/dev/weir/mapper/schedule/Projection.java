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
import java.util.Optional;
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

    /**
     * Follows a rank through a head map.
     *
     * @param target the tensor's own rank
     */
    record HeadMap(RankName rank, RankName target) implements Part {}

    /**
     * Follows ranks through affine indices: all coordinates from the least to the greatest that one
     * of them reaches, as far as the tensor has them.
     *
     * @param own the tensor's rank
     * @param indices one or more; a coordinate is {@code 1*p + 0}
     */
    record Window(RankName own, List<Index.Affine> indices) implements Part {
      public Window {
        indices = List.copyOf(indices);
      }
    }

    /**
     * Used through indices from which no smaller tile follows, such as one that a table of values
     * decides, or a produced tensor's several ones: any coordinate may be needed, so a tile has
     * all.
     *
     * @param own the tensor's rank
     * @param indices all that it is used through
     */
    record Whole(RankName own, List<Index> indices) implements Part {
      public Whole {
        indices = List.copyOf(indices);
      }

      /** What the coordinates are read through, in words. */
      String through() {
        if (indices.stream().flatMap(Index::tables).findAny().isPresent()) {
          return "a table";
        }
        return indices.size() > 1 ? "several indices" : "an index";
      }
    }
  }

  public Projection {
    parts = List.copyOf(parts);
  }

  /**
   * The projections of all tensors. An input that only conditions read follows its own ranks; of a
   * produced tensor they read what must have been produced, as operands do.
   */
  public static Map<TensorName, Projection> all(Cascade cascade) {
    Map<TensorName, List<Access>> operands = new HashMap<>();
    Map<TensorName, List<Access>> reads = new HashMap<>();
    for (Einsum einsum : cascade.einsums()) {
      Stream.concat(Stream.of(einsum.output()), einsum.value().operands())
          .forEach(a -> operands.computeIfAbsent(a.tensor(), _ -> new ArrayList<>()).add(a));
      Stream.concat(Stream.of(einsum.output()), einsum.reads().stream())
          .forEach(a -> reads.computeIfAbsent(a.tensor(), _ -> new ArrayList<>()).add(a));
    }
    Map<TensorName, Projection> projections = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      boolean isInput = tensor.role() == Tensor.Role.INPUT;
      List<Access> accesses = (isInput ? operands : reads).getOrDefault(tensor.name(), List.of());
      List<Part> parts = new ArrayList<>();
      for (int at = 0; at < tensor.ranks().size(); at++) {
        parts.add(part(tensor, at, accesses));
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
    if (indices.size() == 1 && indices.getFirst() instanceof Index.HeadMap map) {
      return new Part.HeadMap(map.rank(), map.target());
    }
    List<Index.Affine> affine = indices.stream().flatMap(Projection::affine).toList();
    return tensor.role() == Tensor.Role.INPUT && affine.size() == indices.size()
        ? new Part.Window(own, affine)
        : new Part.Whole(own, indices);
  }

  private static Stream<Index.Affine> affine(Index index) {
    return switch (index) {
      case Index.Affine affine -> Stream.of(affine);
      case Index.Coordinate c ->
          Stream.of(new Index.Affine(List.of(new Index.Term(1, c.rank())), 0));
      case Index.Joined _,
          Index.Next _,
          Index.Last _,
          Index.Fixed _,
          Index.HeadMap _,
          Index.Computed _,
          Index.Gathered _ ->
          Stream.empty();
    };
  }

  /** Parts of which every tile has the whole rank. */
  Stream<Part.Whole> whole() {
    return parts.stream().filter(Part.Whole.class::isInstance).map(Part.Whole.class::cast);
  }

  /**
   * Whether a loop over this rank would cut what every tile has whole: it is over such a rank, or
   * another one of the same partition.
   */
  public boolean isCutWholeBy(RankName looped, Cascade cascade) {
    return whole().anyMatch(part -> isOfOne(looped, part.own(), cascade));
  }

  /** Whether they are one rank, or of one partition. */
  static boolean isOfOne(RankName looped, RankName rank, Cascade cascade) {
    return looped.equals(rank)
        || cascade.partitions().stream()
            .map(split -> List.of(split.parent(), split.outer(), split.inner()))
            .anyMatch(family -> family.contains(looped) && family.contains(rank));
  }

  /** Whether the tiles of different ranges of a rank have no word in common. */
  public boolean isCutBy(RankName rank) {
    return parts.stream().anyMatch(part -> !isMapped(part) && has(part, rank));
  }

  /** Whether it is used through more than a coordinate of the rank, so that tiles may overlap. */
  public boolean isMappedBy(RankName rank) {
    return parts.stream().anyMatch(part -> isMapped(part) && has(part, rank));
  }

  private static boolean isMapped(Part part) {
    return switch (part) {
      case Part.HeadMap _, Part.Window _, Part.Whole _ -> true;
      case Part.Plain _, Part.Joined _, Part.Generation _ -> false;
    };
  }

  /** What it is read through where it {@link #isMapped}, in words. */
  String through() {
    return whole().map(Part.Whole::through).findFirst().orElse("an affine index or a head map");
  }

  /** Whether it is used through anything but coordinates, joined ones and generations. */
  public boolean isMapped() {
    return parts.stream().anyMatch(Projection::isMapped);
  }

  /**
   * Whether the tile changes with a rank. An inner part that is a rank of the tensor changes with
   * its outer part too, as that decides how long it is.
   */
  public boolean has(RankName rank, Cascade cascade) {
    return parts.stream().anyMatch(part -> has(part, rank))
        || cascade.partitions().stream()
            .filter(split -> split.outer().equals(rank))
            .anyMatch(split -> parts.stream().anyMatch(part -> has(part, split.inner())));
  }

  private static boolean has(Part part, RankName rank) {
    return switch (part) {
      case Part.Plain plain -> plain.rank().equals(rank);
      case Part.Joined joined -> joined.outer().equals(rank) || joined.inner().equals(rank);
      case Part.Generation generation -> generation.rank().equals(rank);
      case Part.HeadMap map -> map.rank().equals(rank);
      case Part.Window window ->
          window.indices().stream().flatMap(Index::ranks).anyMatch(rank::equals);
      case Part.Whole whole ->
          whole.indices().stream().flatMap(Index::ranks).anyMatch(rank::equals);
    };
  }

  /**
   * The part along which the tile slides when only this rank moves on: the one that changes with
   * it, if that is a window.
   */
  public Optional<Part.Window> slidingPart(RankName rank, Cascade cascade) {
    List<Part> changing =
        parts.stream()
            .filter(part -> new Projection(tensor, List.of(part)).has(rank, cascade))
            .toList();
    return changing.size() == 1 && changing.getFirst() instanceof Part.Window window
        ? Optional.of(window)
        : Optional.empty();
  }

  /** Words of the tile that are not in the tile of other ranges, which differ in one part only. */
  long wordsBeyond(Part.Window sliding, Ranges before, Ranges now, Shapes shapes) {
    Ranges.Range old = span(sliding, before, shapes);
    Ranges.Range here = span(sliding, now, shapes);
    long common = Math.min(old.to(), here.to()) - Math.max(old.from(), here.from());
    long fresh = here.extent() - Math.max(0, common);
    return here.extent() == 0 ? 0 : Math.multiplyExact(words(now, shapes) / here.extent(), fresh);
  }

  /** Words of the tile; one generation of a generational tensor. */
  public long words(Ranges ranges, Shapes shapes) {
    return parts.stream()
        .mapToLong(part -> span(part, ranges, shapes).extent())
        .reduce(1, Math::multiplyExact);
  }

  /**
   * The coordinates that a part of the tile covers. Of a generational tensor it has one generation;
   * where an inner part stands without a single outer coordinate, it has whole steps.
   */
  public Ranges.Range span(Part part, Ranges ranges, Shapes shapes) {
    return switch (part) {
      case Part.Plain plain -> ranges.of(plain.rank());
      case Part.Joined joined -> {
        Ranges.Range outer = ranges.of(joined.outer());
        long inner = shapes.of(joined.inner());
        Ranges.Range within = ranges.of(joined.inner());
        yield outer.extent() == 1
            ? new Ranges.Range(
                outer.from() * inner + within.from(), outer.from() * inner + within.to())
            : new Ranges.Range(
                outer.from() * inner, Math.min(outer.to() * inner, shapes.of(joined.parent())));
      }
      case Part.Generation _ -> new Ranges.Range(0, 1);
      case Part.HeadMap map -> {
        Ranges.Range heads = ranges.of(map.rank());
        long target = shapes.of(map.target());
        long all = shapes.of(map.rank());
        yield new Ranges.Range(
            Math.floorDiv(heads.from() * target, all),
            Math.floorDiv((heads.to() - 1) * target, all) + 1);
      }
      case Part.Window window -> {
        Ranges.Range hull = hull(window, ranges);
        long from = Math.max(hull.from(), 0);
        yield new Ranges.Range(from, Math.max(from, Math.min(hull.to(), shapes.of(window.own()))));
      }
      case Part.Whole whole -> new Ranges.Range(0, shapes.of(whole.own()));
    };
  }

  /**
   * Room that a part of the tile takes: a window has room for all that it reaches, also where a
   * border clips it, but never for more than the tensor has.
   */
  long room(Part part, Ranges ranges, Shapes shapes) {
    return part instanceof Part.Window window
        ? Math.min(hull(window, ranges).extent(), shapes.of(window.own()))
        : span(part, ranges, shapes).extent();
  }

  /** From the least coordinate that an index of the window reaches to the greatest. */
  private static Ranges.Range hull(Part.Window window, Ranges ranges) {
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (Index.Affine index : window.indices()) {
      long low = index.offset();
      long high = index.offset();
      for (Index.Term term : index.terms()) {
        Ranges.Range range = ranges.of(term.rank());
        long first = term.coefficient() * range.from();
        long last = term.coefficient() * (range.to() - 1);
        low += Math.min(first, last);
        high += Math.max(first, last);
      }
      least = Math.min(least, low);
      greatest = Math.max(greatest, high);
    }
    return new Ranges.Range(least, greatest + 1);
  }
}
