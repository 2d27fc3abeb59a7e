package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which loop is innermost when rows are taken: that over the rank whose elements of the output are
 * neighbours, if it can be. A rank of the output may go inside those that are reduced, as each
 * element still gets its values in the same order.
 */
final class RowOrder {

  /** Rows of this length are long enough. */
  private static final long LONG_ENOUGH = 16;

  private RowOrder() {}

  /** The ranks with one of them, if any, taken to the end. */
  static List<RankName> of(
      Einsum einsum, List<RankName> ranks, AffinePlace place, PointCompiler compiler) {
    List<RankName> order = new ArrayList<>(ranks);
    neighbours(ranks, place, compiler)
        .filter(rank -> isWorthIt(rank, ranks.getLast(), compiler))
        .filter(rank -> canBeLast(rank, einsum, compiler))
        .ifPresent(
            rank -> {
              order.remove(rank);
              order.add(rank);
            });
    return order;
  }

  private static Optional<RankName> neighbours(
      List<RankName> ranks, AffinePlace place, PointCompiler compiler) {
    return ranks.stream()
        .filter(rank -> place.stride(compiler.slot(rank)) == 1)
        .max(Comparator.comparingLong(compiler.shapes()::of));
  }

  private static boolean isWorthIt(RankName rank, RankName other, PointCompiler compiler) {
    long length = compiler.shapes().of(rank);
    return length >= LONG_ENOUGH || length >= compiler.shapes().of(other);
  }

  /** No other loop needs its coordinate to know where it ends. */
  private static boolean canBeLast(RankName rank, Einsum einsum, PointCompiler compiler) {
    boolean isOuterPart =
        compiler.cascade().partitions().stream()
            .anyMatch(
                split ->
                    split.outer().equals(rank) && einsum.iterationSpace().contains(split.inner()));
    return !isOuterPart
        && einsum.condition().map(c -> allows(NegationNormalForm.of(c), rank)).orElse(true);
  }

  /** Whether the condition leaves intervals of the same size when the loop moves. */
  private static boolean allows(Condition condition, RankName rank) {
    return switch (condition) {
      case Condition.Compare compare ->
          condition.ranks().noneMatch(rank::equals) || CoordinateBounds.isAffineInAll(compare);
      case Condition.All all -> all.parts().stream().allMatch(part -> allows(part, rank));
      case Condition.Any _, Condition.Not _ -> condition.ranks().noneMatch(rank::equals);
    };
  }
}
