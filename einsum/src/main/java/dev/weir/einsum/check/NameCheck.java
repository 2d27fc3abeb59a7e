package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reports every name of an Einsum that means nothing where it stands. */
final class NameCheck {

  /** What is expected of a term. */
  private enum Place {
    VALUE,
    INDEX,
    CONDITION
  }

  private final Scope scope;
  private final Findings findings;
  private final Assignment assignment;
  private boolean known = true;

  private NameCheck(Scope scope, Findings findings, Assignment assignment) {
    this.scope = scope;
    this.findings = findings;
    this.assignment = assignment;
  }

  /** Whether all names of an Einsum are known and all accesses have as many indices as ranks. */
  static boolean check(Scope scope, Findings findings, Assignment assignment) {
    NameCheck check = new NameCheck(scope, findings, assignment);
    assignment.indices().forEach(check::left);
    check.term(assignment.right(), Place.VALUE);
    Terms.sums(assignment).forEach(sum -> check.term(sum, Place.CONDITION));
    assignment.condition().ifPresent(term -> check.term(term, Place.CONDITION));
    return check.known;
  }

  private void left(Term index) {
    index
        .all()
        .filter(Term.Name.class::isInstance)
        .map(Term.Name.class::cast)
        .forEach(
            name -> {
              if (scope.rankOfVariable(name.text()).isEmpty()
                  && scope.rankOfShape(name.text()).isEmpty()) {
                unknownVariable(name);
              }
            });
  }

  private void term(Term term, Place place) {
    switch (term) {
      case Term.Numeral _ -> {}
      case Term.Name name -> name(name, place);
      case Term.Access access -> access(access);
      case Term.Call call -> call(call, place);
      case Term.Prefix prefix -> term(prefix.operand(), place);
      case Term.Infix infix -> {
        infix.merge().ifPresent(this::merge);
        term(infix.left(), place);
        term(infix.right(), place);
      }
      case Term.Group group -> term(group.inner(), place);
    }
  }

  private void name(Term.Name name, Place place) {
    String text = name.text();
    Optional<Symbol> tensor = scope.tensor(text);
    if (scope.rankOfVariable(text).isPresent()
        || scope.rankOfShape(text).isPresent()
        || scope.scalars().containsKey(text)) {
      return;
    }
    if (tensor.isPresent()) {
      checkCount(name, List.of(), tensor.get());
      return;
    }
    switch (place) {
      case VALUE -> unknownValue(name);
      case CONDITION -> {
        if (!text.equals("true") && !text.equals("false")) {
          unknownVariable(name);
        }
      }
      case INDEX -> unknownVariable(name);
    }
  }

  private void unknownValue(Term.Name name) {
    known = false;
    if (!findings.isExcused(name.text())) {
      findings.error(
          name.span(),
          "unknown name (got %s, expected a scalar, a rank, a rank variable or a tensor)"
              .formatted(name.text()));
      findings.excuse(name.text());
    }
  }

  private void unknownVariable(Term.Name name) {
    known = false;
    findings.excuse(assignment.tensor().text());
    if (!findings.isExcused(name.text())) {
      List<String> variables = scope.ranks().keySet().stream().map(RankName::variable).toList();
      findings.error(
          name.span(),
          "unknown rank variable (got %s, expected %s)"
              .formatted(name.text(), ScopeReader.oneOf(variables)));
      findings.excuse(name.text());
    }
  }

  private void access(Term.Access access) {
    Optional<Symbol> tensor = scope.tensor(access.tensor().text());
    if (tensor.isPresent()) {
      checkCount(access.tensor(), access.indices(), tensor.get());
    } else {
      unknownTensor(access);
    }
    access.indices().forEach(index -> term(index, Place.INDEX));
  }

  private void unknownTensor(Term.Access access) {
    known = false;
    if (!findings.isExcused(access.tensor().text())) {
      findings.error(
          access.tensor().span(),
          "unknown tensor (got %s, expected %s)"
              .formatted(access.tensor().text(), ScopeReader.oneOf(scope.tensors().keySet())));
      findings.excuse(access.tensor().text());
    }
  }

  private void checkCount(Term.Name name, List<Term> indices, Symbol tensor) {
    if (tensor.ranks().isEmpty()) {
      known = false;
      return;
    }
    int expected = tensor.ranks().get().size();
    if (indices.size() != expected) {
      known = false;
      findings.error(
          name.span(),
          "wrong number of indices (got %d, expected %d for %s)"
              .formatted(indices.size(), expected, tensor.shown()),
          tensor.shownRead());
    }
  }

  private void call(Term.Call call, Place place) {
    String function = call.function().text();
    if (place == Place.VALUE
        && new ActionAsFunction(scope, findings, assignment).isReported(call)) {
      known = false;
      return;
    }
    call.merge().ifPresent(this::merge);
    if (scope.functions().containsKey(function)) {
      // A function whose body means nothing is reported there.
      known &= !findings.isExcused(function);
    } else if (!Words.VALUE_FUNCTIONS.contains(function)
        && !Words.INDEX_FUNCTIONS.contains(function)) {
      known = false;
      unknownFunction(call.function(), functions(place));
    }
    for (int i = 0; i < call.arguments().size(); i++) {
      Place inner =
          function.equals(Words.WHERE) && i == 0
              ? Place.CONDITION
              : function.equals(Words.POSITION) || function.equals(Words.CLAMP)
                  ? Place.INDEX
                  : place;
      term(call.arguments().get(i), inner);
    }
  }

  private List<String> functions(Place place) {
    return switch (place) {
      case VALUE ->
          Stream.concat(Words.VALUE_FUNCTIONS.stream(), scope.functions().keySet().stream())
              .toList();
      case CONDITION, INDEX -> Words.INDEX_FUNCTIONS;
    };
  }

  private void unknownFunction(Term.Name function, List<String> functions) {
    if (!findings.isExcused(function.text())) {
      findings.error(
          function.span(),
          "unknown function (got %s, expected one of %s)"
              .formatted(function.text(), String.join(", ", functions)),
          nearestFunction(function.text(), functions));
      findings.excuse(function.text());
    }
  }

  /** A function, or a tensor whose brackets are of the wrong kind. */
  private Optional<String> nearestFunction(String written, List<String> functions) {
    return Stream.concat(
            Spelling.nearest(written, functions).stream(),
            scope.tensor(written).map(Symbol::shownRead).stream())
        .findFirst();
  }

  private void merge(Term.Name merge) {
    if (!Words.MERGES.contains(merge.text())) {
      known = false;
      findings.error(
          merge.span(),
          "unknown merge operator (got %s, expected one of %s)"
              .formatted(merge.text(), String.join(", ", Words.MERGES)),
          Spelling.nearest(merge.text(), Words.MERGES));
    }
  }
}
