package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Span;
import java.util.List;
import java.util.Optional;

/**
 * A tensor as far as the text says what it is.
 *
 * @param name its name
 * @param span where it is declared or first produced
 * @param input whether it comes in
 * @param ranks its ranks; nothing when its declaration is wrong, and then nothing is checked
 *     against it
 * @param generations the rank along which it is iterative
 */
record Symbol(
    String name,
    Span span,
    boolean input,
    Optional<List<RankName>> ranks,
    Optional<RankName> generations) {

  boolean hasNoRanks() {
    return ranks.isPresent() && ranks.get().isEmpty();
  }

  boolean iteratesAlong(RankName rank) {
    return generations.equals(Optional.of(rank));
  }

  /** How it is declared: {@code Q[B,H,P,E]}. */
  String shown() {
    return name
        + ranks
            .filter(list -> !list.isEmpty())
            .map(list -> "[" + String.join(",", list.stream().map(RankName::text).toList()) + "]")
            .orElse("");
  }

  /** How it is read: {@code Q[b,h,p,e]}. */
  String shownRead() {
    return name
        + ranks
            .filter(list -> !list.isEmpty())
            .map(
                list ->
                    "[" + String.join(",", list.stream().map(RankName::variable).toList()) + "]")
            .orElse("");
  }
}
