package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param namesakes other ranks that are declared to have its shape, which can stand for it
 */
record RankFamily(
    RankName root, Set<RankName> members, List<Partition> partitions, Set<RankName> namesakes) {

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
    RankName shape = shape(root, cascade);
    Set<RankName> namesakes = new TreeSet<>(cascade.derivedShapes().keySet());
    namesakes.add(shape);
    namesakes.removeIf(other -> other.equals(root) || !shape(other, cascade).equals(shape));
    return new RankFamily(root, members, partitions, namesakes);
  }

  /** The rank whose shape a rank is declared to have; itself, if none. */
  private static RankName shape(RankName rank, Cascade cascade) {
    return cascade.derivedShapes().get(rank) instanceof Quantity.OfShape of
        ? shape(of.rank(), cascade)
        : rank;
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

  /**
   * Whether an Einsum goes through all coordinates: it iterates the rank, or reads a tensor along
   * it by the variable of another rank of the same shape.
   */
  boolean isSweptBy(Einsum einsum, Map<TensorName, Tensor> tensors) {
    return isWhole(einsum.iterationSpace()) || namesakeOf(einsum, tensors).isPresent();
  }

  /** The other rank by whose variable an Einsum goes through all coordinates, if one does. */
  Optional<RankName> namesakeOf(Einsum einsum, Map<TensorName, Tensor> tensors) {
    return hasSteps(einsum.iterationSpace())
        ? Optional.empty()
        : einsum.reads().stream()
            .flatMap(access -> namesake(access, tensors.get(access.tensor())).stream())
            .findFirst();
  }

  /** The other rank whose variable stands for this one in a read: {@code X[1*n]} of a rank P. */
  Optional<RankName> namesake(Access access, Tensor tensor) {
    int at = tensor.ranks().indexOf(root);
    return at >= 0
            && access.indices().get(at) instanceof Index.Affine affine
            && affine.offset() == 0
            && affine.terms().size() == 1
            && affine.terms().getFirst().coefficient() == 1
        ? Optional.of(affine.terms().getFirst().rank()).filter(namesakes::contains)
        : Optional.empty();
  }

  /** Whether a use moves along the fibers of a tensor instead of picking one coordinate. */
  boolean isAlongFibers(Access access, Tensor tensor) {
    return places(tensor).stream()
        .map(access.indices()::get)
        .noneMatch(RankFamily::isOneCoordinate);
  }

  private static boolean isOneCoordinate(Index index) {
    return index.ranks().findAny().isEmpty() && index.tables().findAny().isEmpty();
  }

  /**
   * Whether a read can go on step by step with what writes: a stepwise one, one of a coordinate
   * that is known, one of a tensor without the rank, or one of an Einsum that goes through all
   * coordinates by another variable.
   */
  boolean isReadStepwise(Access access, Tensor tensor, Einsum reader) {
    List<Integer> places = places(tensor);
    return places.isEmpty()
        || isStepwise(access, tensor)
        || places.stream().anyMatch(at -> access.indices().get(at) instanceof Index.Fixed)
        || (namesake(access, tensor).isPresent() && !hasSteps(reader.iterationSpace()));
  }

  /**
   * Whether a read at some step of a sweep needs only what the sweep has produced by that step, or
   * a bounded number of steps later. A shift, a window, a coordinate divided by a number is that; a
   * stride, a gather, or the variable of another rank may need anything, so they count as needing
   * the whole fiber.
   */
  boolean isStepwise(Access access, Tensor tensor) {
    return places(tensor).stream()
        .anyMatch(at -> isStepwise(access.indices().get(at), tensor.ranks().get(at)));
  }

  /** Where a tensor has ranks that tell apart the steps of a sweep. */
  private List<Integer> places(Tensor tensor) {
    return IntStream.range(0, tensor.ranks().size())
        .filter(at -> hasSteps(List.of(tensor.ranks().get(at))))
        .boxed()
        .toList();
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
