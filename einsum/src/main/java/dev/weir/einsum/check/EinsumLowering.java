package dev.weir.einsum.check;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Span;
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
    this.conditions = new ConditionLowering(findings, indices);
    this.values = new ValueLowering(scope, findings, indices, conditions);
  }

  ShapeLowering shapes() {
    return new ShapeLowering(scope, findings, indices);
  }

  ConditionLowering conditions() {
    return conditions;
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
      Einsum plain = new Einsum(output(assignment), value, Monoid.SUM, condition);
      Einsum einsum = withAction(assignment, plain);
      return findings.errors() == before ? Optional.of(einsum) : Optional.empty();
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

  private Einsum withAction(Assignment assignment, Einsum plain) {
    if (assignment.actions().isEmpty()) {
      return plain;
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
    if (Words.POPULATES.contains(word)) {
      return populating(action, plain);
    }
    refuseMean(assignment, action);
    Monoid monoid =
        Words.reduction(word)
            .orElseThrow(
                () ->
                    new Rejection(
                        action.function().span(),
                        "unknown action (got %s, expected one of %s)"
                            .formatted(word, String.join(", ", Words.ACTIONS)),
                        Spelling.nearest(word, Words.ACTIONS)));
    checkReduced(assignment, action, plain.reducedRanks());
    return new Einsum(plain.output(), plain.value(), monoid, plain.condition());
  }

  private void refuseMean(Assignment assignment, Term.Call action) {
    if (ActionAsFunction.isMean(action.function().text())) {
      throw new Rejection(
          assignment.right().span().to(action.span()),
          "a mean is a sum divided by a shape (got '%s')".formatted(findings.text(action.span())),
          new ActionAsFunction(scope, findings, assignment).mean(action));
    }
  }

  /** {@code topk(m, t)}: m is on the right only, t on the left only. */
  private Einsum populating(Term.Call action, Einsum plain) {
    String word = action.function().text();
    int expected = word.equals(Words.MASS) ? 3 : 2;
    List<Term> arguments = action.arguments();
    if (arguments.size() != expected) {
      throw new Rejection(
          action.span(),
          "wrong number of arguments of %s, which takes %s (got %d, expected %d)"
              .formatted(
                  word,
                  expected == 3
                      ? "a rank variable of the right side, one of the left and a sum"
                      : "a rank variable of the right side and one of the left",
                  arguments.size(),
                  expected));
    }
    Set<RankName> right = new LinkedHashSet<>(plain.value().ranks().toList());
    plain.condition().stream().flatMap(Condition::ranks).forEach(right::add);
    Set<RankName> left = new LinkedHashSet<>(plain.output().ranks().toList());
    refuseSwapped(action, left, right);
    RankName slot = only(arguments.get(1), left, right, word + " numbers what it chooses along");
    RankName from = only(arguments.get(0), right, left, word + " chooses coordinates of");
    Set<RankName> others = plain.reducedRanks();
    others.remove(from);
    if (!others.isEmpty()) {
      throw new Rejection(
          action.span(),
          "%s orders one rank (got %s besides %s, expected none: fold it in an Einsum before)"
              .formatted(word, variables(others), from.variable()));
    }
    Populate.Order order =
        word.equals(Words.of(Populate.Order.SMALLEST_FIRST))
            ? Populate.Order.SMALLEST_FIRST
            : Populate.Order.LARGEST_FIRST;
    left.remove(slot);
    Optional<Quantity> mass =
        expected == 3 ? Optional.of(sumToReach(arguments.get(2), left)) : Optional.empty();
    Populate populate = new Populate(order, from, slot, mass);
    return new Einsum(
        plain.output(), plain.value(), Monoid.SUM, Optional.of(populate), plain.condition());
  }

  /** What {@code mass(m, t, sum)} should reach is one number for all that is ordered together. */
  private Quantity sumToReach(Term term, Set<RankName> rows) {
    Quantity sum = indices.quantity(term);
    Set<RankName> others = new LinkedHashSet<>(sum.ranks().toList());
    others.removeAll(rows);
    if (!others.isEmpty()) {
      throw new Rejection(
          term.span(),
          "a sum to reach is one number for all that is ordered (got '%s', which depends on %s, expected %s)"
              .formatted(
                  findings.text(term.span()),
                  variables(others),
                  rows.isEmpty() ? "no rank variable" : "no rank variable but " + variables(rows)));
    }
    return sum;
  }

  private void refuseSwapped(Term.Call action, Set<RankName> left, Set<RankName> right) {
    List<Term> arguments = action.arguments();
    Optional<RankName> first = Terms.word(arguments.get(0)).flatMap(scope::rankOfVariable);
    Optional<RankName> second = Terms.word(arguments.get(1)).flatMap(scope::rankOfVariable);
    boolean isSwapped =
        first.filter(rank -> left.contains(rank) && !right.contains(rank)).isPresent()
            && second.filter(rank -> right.contains(rank) && !left.contains(rank)).isPresent();
    if (isSwapped) {
      Span from = arguments.get(0).span();
      Span slots = arguments.get(1).span();
      throw new Rejection(
          from.to(slots),
          "%s takes what it chooses coordinates of, then what it numbers them along (got '%s')"
              .formatted(action.function().text(), findings.text(from.to(slots))),
          Optional.of(findings.text(slots) + ", " + findings.text(from)));
    }
  }

  /** The rank of a variable that stands on one side and not on the other. */
  private RankName only(Term term, Set<RankName> here, Set<RankName> notHere, String what) {
    Set<RankName> possible = new LinkedHashSet<>(here);
    possible.removeAll(notHere);
    refuseUndeclared(term, what, possible);
    return Optional.of(term)
        .filter(Term.Name.class::isInstance)
        .flatMap(name -> scope.rankOfVariable(((Term.Name) name).text()))
        .filter(possible::contains)
        .orElseThrow(
            () ->
                new Rejection(
                    term.span(),
                    "%s a rank of one side only (got '%s', expected %s)"
                        .formatted(
                            what,
                            findings.text(term.span()),
                            possible.isEmpty() ? "one" : variables(possible)),
                    possible.size() == 1
                        ? possible.stream().findFirst().map(RankName::variable)
                        : Optional.empty()));
  }

  private void refuseUndeclared(Term term, String what, Set<RankName> possible) {
    Optional<String> unknown =
        Terms.word(term)
            .filter(word -> Character.isLetter(word.charAt(0)))
            .filter(word -> scope.rankOfVariable(word).isEmpty());
    if (unknown.isPresent()) {
      throw new Rejection(
          term.span(),
          "%s a rank that is declared (got '%s', expected %s)"
              .formatted(
                  what,
                  unknown.get(),
                  possible.isEmpty()
                      ? "%s in 'ranks' and %s on one side"
                          .formatted(RankName.ofVariable(unknown.get()), unknown.get())
                      : variables(possible)),
          possible.size() == 1
              ? possible.stream().findFirst().map(RankName::variable)
              : Optional.empty());
    }
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
