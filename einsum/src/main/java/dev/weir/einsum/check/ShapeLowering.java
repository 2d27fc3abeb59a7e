package dev.weir.einsum.check;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
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

  /**
   * Shapes of ranks that a text gives.
   *
   * @param defaults numbers of elements, which a workload may replace
   * @param derived what follows from shapes of other ranks
   */
  record Given(Map<RankName, Long> defaults, Map<RankName, Quantity> derived) {}

  /** All of them; what is wrong is reported and left out. */
  Given lower() {
    Map<RankName, Long> defaults = new LinkedHashMap<>(scope.defaultShapes());
    Map<RankName, Quantity> derived = new LinkedHashMap<>();
    scope
        .derivedShapes()
        .forEach(
            (rank, term) ->
                whole(term)
                    .ifPresent(
                        quantity -> {
                          if (quantity instanceof Quantity.OfIndex(Index.Fixed number)) {
                            ScopeReader.shape(rank, term, number.coordinate(), findings)
                                .ifPresent(shape -> defaults.put(rank, shape));
                          } else {
                            derived.put(rank, quantity);
                          }
                        }));
    checkNoCircle(derived);
    return new Given(defaults, derived);
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

  /** Says of each circle once that it is one, where the first of its ranks is declared. */
  private void checkNoCircle(Map<RankName, Quantity> derived) {
    Map<RankName, Set<RankName>> needs = new LinkedHashMap<>();
    derived.keySet().forEach(rank -> needs.put(rank, needs(rank, derived)));
    Set<RankName> told = new LinkedHashSet<>();
    needs.forEach(
        (rank, needed) -> {
          if (needed.contains(rank) && told.add(rank)) {
            List<RankName> others =
                needed.stream()
                    .filter(other -> needs.getOrDefault(other, Set.of()).contains(rank))
                    .filter(told::add)
                    .toList();
            circle(rank, others);
          }
        });
  }

  private void circle(RankName rank, List<RankName> others) {
    Span said = scope.derivedShapes().get(rank).span();
    String by =
        others.isEmpty()
            ? ""
            : " by way of " + String.join(", ", others.stream().map(RankName::text).toList());
    findings.error(
        scope.ranks().get(rank).to(said),
        "shape of %s depends on itself%s (got '%s', expected other ranks)"
            .formatted(rank, by, findings.text(said)));
  }

  /** All ranks whose shapes must be known for one; itself only if it depends on itself. */
  private Set<RankName> needs(RankName rank, Map<RankName, Quantity> derived) {
    Set<RankName> seen = new LinkedHashSet<>();
    List<RankName> next = new ArrayList<>(List.of(rank));
    while (!next.isEmpty()) {
      RankName one = next.removeLast();
      if (scope.defaultShapes().containsKey(one)) {
        continue;
      }
      Stream<RankName> direct =
          derived.containsKey(one)
              ? shapes(derived.get(one))
              : scope.partitions().stream()
                  .filter(split -> split.outer().equals(one) || split.inner().equals(one))
                  .map(Partition::parent);
      direct.filter(seen::add).forEach(next::add);
    }
    return seen;
  }

  private static Stream<RankName> shapes(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfShape of -> Stream.of(of.rank());
      case Quantity.Combined c -> Stream.concat(shapes(c.left()), shapes(c.right()));
      case Quantity.OfIndex _, Quantity.OfNumber _, Quantity.OfScalar _ -> Stream.empty();
    };
  }
}
