package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import java.util.Optional;

/**
 * Whether a condition says the same of points that differ by the same shift in all its ranks, as
 * masks along the diagonal do: {@code m <= p}, {@code p - m < w}.
 */
final class Shifts {

  private final RankTable ranks;

  Shifts(RankTable ranks) {
    this.ranks = ranks;
  }

  boolean changesNothing(Condition condition) {
    return switch (condition) {
      case Condition.Compare c ->
          slope(c.left()).isPresent() && slope(c.left()).equals(slope(c.right()));
      case Condition.All all -> all.parts().stream().allMatch(this::changesNothing);
      case Condition.Any any -> any.parts().stream().allMatch(this::changesNothing);
      case Condition.Not not -> changesNothing(not.part());
    };
  }

  /** By how much a quantity grows when all ranks move on by one; empty where that differs. */
  private Optional<Long> slope(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> slope(of.index());
      case Quantity.OfShape _, Quantity.OfNumber _, Quantity.OfScalar _ -> Optional.of(0L);
      case Quantity.Combined c -> {
        Optional<Long> left = slope(c.left());
        Optional<Long> right = slope(c.right());
        yield switch (c.operator()) {
          case ADD -> left.flatMap(l -> right.map(r -> l + r));
          case SUBTRACT -> left.flatMap(l -> right.map(r -> l - r));
          case MULTIPLY, DIVIDE, REMAINDER, MINIMUM, MAXIMUM ->
              left.equals(Optional.of(0L)) && right.equals(left) ? left : Optional.empty();
        };
      }
    };
  }

  private Optional<Long> slope(Index index) {
    return switch (index) {
      case Index.Coordinate c -> isWhole(c) ? Optional.of(1L) : Optional.empty();
      case Index.Joined _ -> Optional.of(1L);
      case Index.Last _, Index.Fixed _ -> Optional.of(0L);
      case Index.Affine affine ->
          affine.terms().stream().allMatch(t -> isWhole(new Index.Coordinate(t.rank())))
              ? Optional.of(affine.terms().stream().mapToLong(Index.Term::coefficient).sum())
              : Optional.empty();
      case Index.Computed computed -> slope(computed.quantity());
      case Index.Next _, Index.HeadMap _, Index.Gathered _ -> Optional.empty();
    };
  }

  /** Whether it is no part of a partitioned rank. */
  private boolean isWhole(Index.Coordinate coordinate) {
    return !ranks.groups().get(ranks.place(coordinate.rank()).group()).isPartitioned();
  }
}
