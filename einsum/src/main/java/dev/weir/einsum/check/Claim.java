package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Span;
import java.util.List;
import java.util.Optional;

/**
 * What a used cascade expects of a tensor that it is given.
 *
 * @param tensor its name here
 * @param ranks its ranks, by their names here
 * @param empty its empty value
 * @param reader who reads it, and how it is called there
 * @param span where it is given
 */
record Claim(String tensor, List<RankName> ranks, double empty, String reader, Span span) {

  /** Whether all tensors are as they are expected; what is not is reported. */
  static boolean check(List<Claim> claims, Scope scope, Findings findings) {
    return claims.stream()
        .map(claim -> claim.isMet(scope, findings))
        .reduce(true, Boolean::logicalAnd);
  }

  private boolean isMet(Scope scope, Findings findings) {
    Optional<Symbol> known = scope.tensor(tensor).filter(symbol -> symbol.ranks().isPresent());
    if (known.isEmpty()) {
      // Whatever is wrong with it has been reported where it is made.
      return false;
    }
    Symbol given = known.get();
    if (!given.ranks().get().equals(ranks)) {
      Symbol expected = new Symbol(tensor, span, false, Optional.of(ranks), given.generations());
      findings.error(
          span,
          "%s has other ranks (got %s, expected %s)"
              .formatted(reader, given.shown(), expected.shown()));
      return false;
    }
    double own = empty(scope);
    if (Double.compare(own, empty) != 0 && own != empty) {
      findings.error(
          span,
          "%s has another empty value (got %s for %s, expected %s)"
              .formatted(reader, shown(own), tensor, shown(empty)),
          "empty %s = %s".formatted(tensor, shown(empty)));
      return false;
    }
    return true;
  }

  private double empty(Scope scope) {
    Double said = scope.empties().get(tensor);
    return said != null
        ? said
        : scope.assignments().stream()
            .filter(assignment -> assignment.tensor().text().equals(tensor))
            .mapToDouble(DefaultEmpty::of)
            .filter(value -> value != 0)
            .findFirst()
            .orElse(0);
  }

  private static String shown(double value) {
    return Double.isInfinite(value)
        ? (value < 0 ? "-inf" : "inf")
        : value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
