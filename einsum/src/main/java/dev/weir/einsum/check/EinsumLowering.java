package dev.weir.einsum.check;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns an Einsum of the text into one of the cascade. */
final class EinsumLowering {

  private final Scope scope;
  private final Findings findings;
  private final IndexLowering indices;
  private final ConditionLowering conditions;
  private final ValueLowering values;

  EinsumLowering(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
    this.indices = new IndexLowering(scope, findings);
    this.conditions = new ConditionLowering(scope, findings, indices);
    this.values = new ValueLowering(scope, findings, indices, conditions);
  }

  ValueLowering values() {
    return values;
  }

  /** The Einsum; nothing when something is wrong with it, which is reported. */
  Optional<Einsum> lower(Assignment assignment) {
    int before = findings.errors();
    boolean produces =
        scope
            .tensor(assignment.tensor().text())
            .filter(symbol -> !symbol.input() && symbol.ranks().isPresent())
            .isPresent();
    if (!NameCheck.check(scope, findings, assignment) || !produces) {
      return Optional.empty();
    }
    try {
      Expression value = values.value(assignment.right());
      Optional<Condition> condition = assignment.condition().map(conditions::condition);
      Einsum einsum = new Einsum(output(assignment), value, Monoid.SUM, condition);
      Monoid reduction = reduction(assignment, einsum.reducedRanks());
      Einsum reduced = new Einsum(einsum.output(), value, reduction, condition);
      return findings.errors() == before ? Optional.of(reduced) : Optional.empty();
    } catch (Rejection rejection) {
      rejection.report(findings);
      return Optional.empty();
    }
  }

  private Access output(Assignment assignment) {
    List<Index> output = new ArrayList<>();
    assignment.indices().forEach(term -> indices.recognise(term, true).ifPresent(output::add));
    return new Access(new TensorName(assignment.tensor().text()), output);
  }

  private Monoid reduction(Assignment assignment, Set<RankName> reduced) {
    if (assignment.actions().isEmpty()) {
      return Monoid.SUM;
    }
    if (assignment.actions().size() > 1) {
      Term.Call second = assignment.actions().get(1);
      throw new Rejection(
          second.span(),
          "an Einsum reduces once (got a second action '%s'; write two Einsums)"
              .formatted(findings.text(second.span())));
    }
    Term.Call action = assignment.actions().getFirst();
    String word = action.function().text();
    Monoid monoid =
        Words.reduction(word)
            .orElseThrow(
                () ->
                    new Rejection(
                        action.function().span(),
                        "unknown reduction (got %s, expected one of %s)"
                            .formatted(word, String.join(", ", Words.REDUCTIONS)),
                        Spelling.nearest(word, Words.REDUCTIONS)));
    checkReduced(assignment, action, reduced);
    return monoid;
  }

  private void checkReduced(Assignment assignment, Term.Call action, Set<RankName> reduced) {
    Set<RankName> listed = new LinkedHashSet<>();
    boolean right = true;
    for (Term argument : action.arguments()) {
      Optional<RankName> rank = listed(argument, action, assignment, reduced);
      right &= rank.isPresent();
      rank.ifPresent(listed::add);
    }
    if (right && !listed.equals(reduced)) {
      String expected = action.function().text() + "(" + variables(reduced) + ")";
      findings.error(
          action.span(),
          "a reduction names all ranks that the left side lacks (got %s, expected %s)"
              .formatted(findings.text(action.span()), expected),
          expected);
    }
  }

  private Optional<RankName> listed(
      Term argument, Term.Call action, Assignment assignment, Set<RankName> reduced) {
    if (!(argument instanceof Term.Name name)) {
      findings.error(
          argument.span(),
          "a reduction names rank variables (got '%s', expected %s)"
              .formatted(findings.text(argument.span()), variables(reduced)));
      return Optional.empty();
    }
    Optional<RankName> rank = scope.rankOfVariable(name.text());
    if (rank.filter(reduced::contains).isPresent()) {
      return rank;
    }
    boolean onTheLeft =
        rank.isPresent()
            && assignment.indices().stream().flatMap(Terms::names).anyMatch(name.text()::equals);
    String expected =
        reduced.isEmpty() ? "no reduction, as the left side has all ranks" : variables(reduced);
    String what =
        onTheLeft
            ? "rank %s is reduced, but the output keeps it".formatted(rank.orElseThrow())
            : rank.isPresent()
                ? "rank %s is reduced, but the right side does not have it"
                    .formatted(rank.orElseThrow())
                : "unknown rank variable in a reduction";
    if (!findings.isExcused(name.text())) {
      List<String> written = action.arguments().stream().flatMap(Terms::names).toList();
      List<String> candidates =
          reduced.stream()
              .map(RankName::variable)
              .filter(variable -> !written.contains(variable))
              .toList();
      findings.error(
          argument.span(),
          "%s (got %s, expected %s)".formatted(what, name.text(), expected),
          Spelling.nearest(name.text(), candidates)
              .or(
                  () ->
                      candidates.size() == 1
                          ? Optional.of(candidates.getFirst())
                          : Optional.empty()));
    }
    return Optional.empty();
  }

  private static String variables(Set<RankName> ranks) {
    return ranks.stream().map(RankName::variable).collect(Collectors.joining(", "));
  }
}
