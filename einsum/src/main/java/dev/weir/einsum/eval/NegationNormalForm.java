package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Condition;

/**
 * A condition with its negations pushed into the comparisons by the laws of De Morgan. Where a side
 * of a comparison is no number, {@code not (a < b)} holds and {@code a >= b} does not: it says
 * where to look, not what holds.
 */
final class NegationNormalForm {

  private NegationNormalForm() {}

  static Condition of(Condition condition) {
    return of(condition, true);
  }

  private static Condition of(Condition condition, boolean isWanted) {
    return switch (condition) {
      case Condition.Compare c ->
          isWanted ? c : new Condition.Compare(c.left(), c.comparison().opposite(), c.right());
      case Condition.Not not -> of(not.part(), !isWanted);
      case Condition.All(var parts) -> {
        var inside = parts.stream().map(part -> of(part, isWanted)).toList();
        yield isWanted ? new Condition.All(inside) : new Condition.Any(inside);
      }
      case Condition.Any(var parts) -> {
        var inside = parts.stream().map(part -> of(part, isWanted)).toList();
        yield isWanted ? new Condition.Any(inside) : new Condition.All(inside);
      }
    };
  }
}
