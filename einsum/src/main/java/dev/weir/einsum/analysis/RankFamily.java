package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/**
 * A rank that is no part of another, with the parts that it is split into.
 *
 * @param root the rank
 * @param members it and its parts, parts of parts included
 * @param partitions how it is split
 */
record RankFamily(RankName root, Set<RankName> members, List<Partition> partitions) {

  static RankFamily of(RankName rank, Cascade cascade) {
    RankName root = root(rank, cascade);
    Set<RankName> members = new TreeSet<>(Set.of(root));
    for (Partition split : cascade.partitions()) {
      if (members.contains(split.parent())) {
        members.add(split.outer());
        members.add(split.inner());
      }
    }
    List<Partition> partitions =
        cascade.partitions().stream().filter(split -> members.contains(split.parent())).toList();
    return new RankFamily(root, members, partitions);
  }

  private static RankName root(RankName rank, Cascade cascade) {
    return cascade.partitions().stream()
        .filter(split -> split.outer().equals(rank) || split.inner().equals(rank))
        .findFirst()
        .map(split -> root(split.parent(), cascade))
        .orElse(rank);
  }

  /**
   * Families of all ranks that some Einsum iterates or some tensor has, in order of their names.
   */
  static List<RankFamily> all(Cascade cascade) {
    Set<RankName> roots = new TreeSet<>();
    cascade.einsums().stream()
        .flatMap(einsum -> einsum.iterationSpace().stream())
        .forEach(rank -> roots.add(root(rank, cascade)));
    cascade.tensors().stream()
        .flatMap(tensor -> tensor.ranks().stream())
        .forEach(rank -> roots.add(root(rank, cascade)));
    return roots.stream().map(rank -> of(rank, cascade)).toList();
  }

  /** Members among some ranks, in their order. */
  List<RankName> among(Collection<RankName> ranks) {
    return ranks.stream().filter(members::contains).toList();
  }

  /** Whether ranks together address every coordinate of the root: itself or all of its parts. */
  boolean isWhole(Collection<RankName> ranks) {
    return covers(root, ranks, Boolean::logicalAnd);
  }

  private boolean covers(
      RankName rank, Collection<RankName> ranks, BinaryOperator<Boolean> ofBothParts) {
    return ranks.contains(rank)
        || partitions.stream()
            .filter(split -> split.parent().equals(rank))
            .anyMatch(
                split ->
                    ofBothParts.apply(
                        covers(split.outer(), ranks, ofBothParts),
                        covers(split.inner(), ranks, ofBothParts)));
  }

  /** Whether ranks tell apart the steps of a sweep: the root or its outermost part is there. */
  boolean hasSteps(Collection<RankName> ranks) {
    return covers(root, ranks, (outer, _) -> outer);
  }

  boolean isIteratedWholeBy(Einsum einsum) {
    return isWhole(einsum.iterationSpace());
  }

  /** Whether a use moves along the fibers of a tensor instead of picking one generation. */
  boolean isAlongFibers(Access access, Tensor tensor) {
    return IntStream.range(0, tensor.ranks().size())
        .filter(at -> hasSteps(List.of(tensor.ranks().get(at))))
        .mapToObj(access.indices()::get)
        .noneMatch(index -> index instanceof Index.Last || index instanceof Index.Fixed);
  }

  /**
   * Whether a read at some step of a sweep needs only what the sweep has produced by that step, or
   * a bounded number of steps later. A shift, a window, a coordinate divided by a number is that; a
   * stride, a gather, or the variable of another rank may need anything, so they count as needing
   * the whole fiber.
   */
  boolean isStepwise(Access access, Tensor tensor) {
    List<Integer> places =
        IntStream.range(0, tensor.ranks().size())
            .filter(at -> hasSteps(List.of(tensor.ranks().get(at))))
            .boxed()
            .toList();
    return places.stream()
        .anyMatch(at -> isStepwise(access.indices().get(at), tensor.ranks().get(at)));
  }

  private static boolean isStepwise(Index index, RankName rank) {
    return switch (index) {
      case Index.Coordinate c -> c.rank().equals(rank);
      case Index.Joined j -> j.parent().equals(rank);
      case Index.Next n -> n.rank().equals(rank);
      case Index.Affine a -> a.terms().contains(new Index.Term(1, rank));
      case Index.Computed c -> isStepwise(c.quantity(), rank);
      case Index.Last _, Index.Fixed _, Index.HeadMap _, Index.Gathered _ -> false;
    };
  }

  /** A bound that is fixed along the sweep moves a stepwise index by a bounded number of steps. */
  private static boolean isStepwise(Quantity quantity, RankName rank) {
    return switch (quantity) {
      case Quantity.OfIndex of -> isStepwise(of.index(), rank);
      case Quantity.OfShape _, Quantity.OfNumber _, Quantity.OfScalar _ -> false;
      case Quantity.Combined c ->
          switch (c.operator()) {
            case ADD, MINIMUM, MAXIMUM ->
                (isStepwise(c.left(), rank) && isFixed(c.right(), rank))
                    || (isStepwise(c.right(), rank) && isFixed(c.left(), rank));
            case SUBTRACT -> isStepwise(c.left(), rank) && isFixed(c.right(), rank);
            case DIVIDE -> isStepwise(c.left(), rank) && isAtLeastOne(c.right());
            case MULTIPLY, REMAINDER -> false;
          };
    };
  }

  /** What is divided by falls behind the sweep, which needs nothing that is still to come. */
  private static boolean isAtLeastOne(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfShape _ -> true;
      case Quantity.OfIndex(Index.Fixed fixed) -> fixed.coordinate() >= 1;
      case Quantity.OfIndex _, Quantity.OfNumber _, Quantity.OfScalar _, Quantity.Combined _ ->
          false;
    };
  }

  private static boolean isFixed(Quantity quantity, RankName rank) {
    return quantity.ranks().noneMatch(rank::equals)
        && quantity.indices().flatMap(Index::tables).findAny().isEmpty();
  }
}
