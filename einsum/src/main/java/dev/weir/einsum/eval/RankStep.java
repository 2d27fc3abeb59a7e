package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.OptionalLong;

/**
 * How much an index grows from one coordinate of a rank to the next, where that is the same
 * everywhere.
 */
final class RankStep {

  private RankStep() {}

  static OptionalLong of(Index index, RankName rank, Shapes shapes) {
    return switch (index) {
      case Index.Coordinate c -> of(c.rank(), rank);
      case Index.Next n -> of(n.rank(), rank);
      case Index.Joined j ->
          j.outer().equals(rank) ? OptionalLong.of(shapes.of(j.inner())) : of(j.inner(), rank);
      case Index.Last _, Index.Fixed _ -> OptionalLong.of(0);
      case Index.Affine a ->
          OptionalLong.of(
              a.terms().stream()
                  .filter(term -> term.rank().equals(rank))
                  .mapToLong(Index.Term::coefficient)
                  .sum());
      case Index.HeadMap _, Index.Gathered _ -> zeroUnless(index.ranks().anyMatch(rank::equals));
      case Index.Computed c -> of(c.quantity(), rank, shapes);
    };
  }

  private static OptionalLong of(RankName variable, RankName rank) {
    return OptionalLong.of(variable.equals(rank) ? 1 : 0);
  }

  private static OptionalLong zeroUnless(boolean isRead) {
    return isRead ? OptionalLong.empty() : OptionalLong.of(0);
  }

  private static OptionalLong of(Quantity quantity, RankName rank, Shapes shapes) {
    boolean isRead = quantity.ranks().anyMatch(rank::equals);
    if (!isRead || !quantity.isWhole()) {
      return zeroUnless(isRead);
    }
    return switch (quantity) {
      case Quantity.OfIndex of -> of(of.index(), rank, shapes);
      case Quantity.OfShape _, Quantity.OfNumber _, Quantity.OfScalar _ -> OptionalLong.of(0);
      case Quantity.Combined c -> combined(c, rank, shapes);
    };
  }

  private static OptionalLong combined(Quantity.Combined sum, RankName rank, Shapes shapes) {
    OptionalLong left = of(sum.left(), rank, shapes);
    OptionalLong right = of(sum.right(), rank, shapes);
    if (left.isEmpty() || right.isEmpty()) {
      return OptionalLong.empty();
    }
    return switch (sum.operator()) {
      case ADD -> OptionalLong.of(left.getAsLong() + right.getAsLong());
      case SUBTRACT -> OptionalLong.of(left.getAsLong() - right.getAsLong());
      case MULTIPLY, DIVIDE, REMAINDER, MINIMUM, MAXIMUM -> OptionalLong.empty();
    };
  }
}
