package dev.weir.opencl.lower;

import dev.weir.einsum.ir.RankName;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A point of a nest, or a place of a tile, that may lie beyond an end. Here alone is decided what a
 * work-item, or a vector, passes over for that reason; {@link Loops} only ends loops early, and
 * stores mask the single lanes of a vector that begins inside.
 *
 * @param conditions what holds where it does not: of a vector, about its first lane
 * @param inside the same place where they hold; limits of lanes stay
 */
record Tail(List<Value> conditions, Scope inside) {

  Tail {
    conditions = List.copyOf(conditions);
  }

  /**
   * Some ranks where they stand.
   *
   * @param limits which of the limits of a rank forbid what is done here
   */
  static Tail of(Stream<RankName> ranks, Scope scope, Function<RankName, List<AffineForm>> limits) {
    List<Value> conditions = new ArrayList<>();
    Scope inside = scope;
    for (RankName rank : ranks.distinct().toList()) {
      Range range = scope.range(rank);
      List<AffineForm> own = limits.apply(rank);
      AffineForm first = range.base().withoutLane();
      own.stream()
          .filter(limit -> !isBefore(first, limit))
          .forEach(limit -> conditions.add(Arithmetic.less(first, limit, 1)));
      if (!range.base().hasLane()) {
        inside = inside.with(rank, range.without(own));
      }
    }
    return new Tail(conditions, conditions.isEmpty() ? inside : inside.diverged());
  }

  private static boolean isBefore(AffineForm first, AffineForm limit) {
    AffineForm left = limit.minus(first);
    return left.terms().isEmpty() && left.constant() > 0;
  }

  /** Whether it is not beyond; nothing when it never is. */
  Optional<Value> isInside() {
    return Arithmetic.all(conditions);
  }

  /** What is done where it is not beyond. */
  List<Statement> guarded(List<Statement> statements) {
    return isInside()
        .map(condition -> List.<Statement>of(new Statement.If(condition, statements)))
        .orElse(statements);
  }
}
