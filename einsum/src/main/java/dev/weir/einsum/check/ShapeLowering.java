package dev.weir.einsum.check;

import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Numbers that follow from shapes, other shapes above all: {@code ranks C = S + W}. */
final class ShapeLowering {

  private final Scope scope;
  private final Findings findings;
  private final IndexLowering indices;

  ShapeLowering(Scope scope, Findings findings, IndexLowering indices) {
    this.scope = scope;
    this.findings = findings;
    this.indices = indices;
  }

  /** All of them; what is wrong is reported and left out. */
  Map<RankName, Quantity> lower() {
    Map<RankName, Quantity> derived = new LinkedHashMap<>();
    for (Map.Entry<RankName, Term> shape : scope.derivedShapes().entrySet()) {
      whole(shape.getValue()).ifPresent(quantity -> derived.put(shape.getKey(), quantity));
    }
    derived.keySet().forEach(rank -> checkNoCircle(rank, derived));
    return derived;
  }

  private Optional<Quantity> whole(Term term) {
    Optional<Term> fraction =
        term.all()
            .filter(part -> part instanceof Term.Numeral && Terms.integer(part).isEmpty())
            .findFirst();
    fraction.ifPresent(
        part ->
            findings.error(
                part.span(),
                "a shape is a whole number of elements (got '%s', expected whole numbers)"
                    .formatted(findings.text(part.span()))));
    return fraction.isPresent() ? Optional.empty() : quantity(term, "a shape");
  }

  /**
   * A number that shapes and numbers decide; nothing when it is no such number, which is reported.
   *
   * @param what it is, for the message
   */
  Optional<Quantity> quantity(Term term, String what) {
    if (!namesShapes(term, what)) {
      return Optional.empty();
    }
    try {
      return Optional.of(indices.quantity(term));
    } catch (Rejection rejection) {
      rejection.report(findings);
      return Optional.empty();
    }
  }

  private boolean namesShapes(Term term, String what) {
    boolean known = true;
    for (Term part : term.all().toList()) {
      boolean isWrong =
          part instanceof Term.Access
              || (part instanceof Term.Name name && scope.rankOfShape(name.text()).isEmpty());
      if (isWrong && findings.isExcused(findings.text(part.span()))) {
        known = false;
      } else if (isWrong) {
        known = false;
        List<String> ranks = scope.ranks().keySet().stream().map(RankName::text).toList();
        findings.error(
            part.span(),
            "%s follows from shapes and numbers only (got '%s', expected %s)"
                .formatted(what, findings.text(part.span()), ScopeReader.oneOf(ranks)),
            Spelling.nearest(findings.text(part.span()), ranks));
      }
    }
    return known;
  }

  private void checkNoCircle(RankName rank, Map<RankName, Quantity> derived) {
    Set<RankName> seen = new LinkedHashSet<>();
    List<RankName> next = new ArrayList<>(List.of(rank));
    while (!next.isEmpty()) {
      Quantity quantity = derived.get(next.removeLast());
      if (quantity != null) {
        shapes(quantity).filter(seen::add).forEach(next::add);
      }
    }
    if (seen.contains(rank)) {
      Span said = scope.derivedShapes().get(rank).span();
      findings.error(
          scope.ranks().get(rank).to(said),
          "shape of %s depends on itself (got '%s', expected other ranks)"
              .formatted(rank, findings.text(said)));
    }
  }

  private static Stream<RankName> shapes(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfShape of -> Stream.of(of.rank());
      case Quantity.Combined c -> Stream.concat(shapes(c.left()), shapes(c.right()));
      case Quantity.OfIndex _, Quantity.OfNumber _, Quantity.OfScalar _ -> Stream.empty();
    };
  }
}
