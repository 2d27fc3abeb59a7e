package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;
import dev.weir.einsum.syntax.Trivia;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says statements of a used cascade in names of the cascade that uses it. Everything stands where
 * the {@code use} does, so that findings about it point there.
 *
 * @param scope what names mean in the used cascade
 * @param tensors names here of its tensors
 * @param ranks names here of its ranks
 * @param prefix what names of its scalars and functions begin with here
 * @param arguments of the function that is being read; they hide all other names
 * @param span where the {@code use} stands
 */
record Renaming(
    Scope scope,
    Map<String, String> tensors,
    Map<RankName, RankName> ranks,
    String prefix,
    List<String> arguments,
    Span span) {

  Term.Name tensor(Term.Name name) {
    return name(tensors.getOrDefault(name.text(), name.text()));
  }

  Term.Name rank(Term.Name name) {
    RankName rank = RankName.ofVariable(name.text());
    return name(ranks.getOrDefault(rank, rank).text());
  }

  Statement.Rank rank(Statement.Rank rank) {
    return new Statement.Rank(rank(rank.name()), rank.shape().map(this::term));
  }

  Statement.Split split(Statement.Split split) {
    return new Statement.Split(
        rank(split.parent()), rank(split.outer()), rank(split.inner()), split.by().map(this::term));
  }

  Statement scalars(Statement.Scalars scalars) {
    return new Statement.Scalars(
        scalars.definitions().stream()
            .map(d -> new Statement.Definition(own(d.name()), term(d.value())))
            .toList(),
        span,
        Trivia.NONE);
  }

  Statement.Empties empties(Statement.Empties empties) {
    return new Statement.Empties(
        empties.definitions().stream()
            .filter(d -> !scope.tensor(d.name().text()).orElseThrow().input())
            .map(d -> new Statement.Definition(tensor(d.name()), term(d.value())))
            .toList(),
        span,
        Trivia.NONE);
  }

  Statement function(Statement.Function function) {
    List<String> own = function.parameters().stream().map(Term.Name::text).toList();
    Term body = new Renaming(scope, tensors, ranks, prefix, own, span).term(function.body());
    return new Statement.Function(
        own(function.name()),
        function.parameters().stream().map(parameter -> name(parameter.text())).toList(),
        body,
        function.facts().stream().map(this::fact).toList(),
        span,
        Trivia.NONE);
  }

  Statement stop(Statement.Stop stop) {
    return new Statement.Stop(
        name(variable(stop.variable().text()).orElseThrow()),
        term(stop.condition()),
        span,
        Trivia.NONE);
  }

  Statement assignment(Statement.Assignment assignment) {
    Term left =
        assignment.left() instanceof Term.Access access
            ? access(access)
            : tensor(assignment.tensor());
    return new Statement.Assignment(
        left,
        term(assignment.right()),
        assignment.actions().stream().map(this::call).toList(),
        assignment.condition().map(this::term),
        span,
        Trivia.NONE);
  }

  Term term(Term term) {
    return switch (term) {
      case Term.Numeral number -> new Term.Numeral(number.text(), span);
      case Term.Name name -> name(meaning(name.text()));
      case Term.Access access -> access(access);
      case Term.Call call -> call(call);
      case Term.Prefix prefixed ->
          new Term.Prefix(prefixed.operator(), term(prefixed.operand()), span);
      case Term.Infix infix ->
          new Term.Infix(
              term(infix.left()),
              infix.operator(),
              infix.merge().map(merge -> name(merge.text())),
              term(infix.right()),
              span);
      case Term.Group group -> new Term.Group(term(group.inner()), span);
    };
  }

  private Term.Access access(Term.Access access) {
    List<Term> indices = access.indices().stream().map(this::term).toList();
    return new Term.Access(tensor(access.tensor()), indices, span);
  }

  private Term.Call call(Term.Call call) {
    String function = call.function().text();
    return new Term.Call(
        scope.functions().containsKey(function) ? own(call.function()) : name(function),
        call.merge().map(merge -> name(merge.text())),
        call.arguments().stream().map(this::term).toList(),
        span);
  }

  /** What follows {@code ::} of a function names operations, not ranks. */
  private Term.Call fact(Term.Call fact) {
    List<Term> said = fact.arguments().stream().map(this::moved).toList();
    return new Term.Call(name(fact.function().text()), Optional.empty(), said, span);
  }

  /** A word or number as it is. */
  private Term moved(Term term) {
    return new Renaming(scope, tensors, ranks, prefix, Terms.names(term).toList(), span).term(term);
  }

  private String meaning(String name) {
    if (arguments.contains(name)) {
      return name;
    }
    if (scope.scalars().containsKey(name)) {
      return prefix + name;
    }
    if (scope.bareTensor(name).isPresent()) {
      return tensors.getOrDefault(name, name);
    }
    return scope
        .rankOfShape(name)
        .map(rank -> ranks.getOrDefault(rank, rank).text())
        .or(() -> variable(name))
        .orElse(name);
  }

  private Optional<String> variable(String name) {
    return scope.rankOfVariable(name).map(rank -> ranks.getOrDefault(rank, rank).variable());
  }

  private Term.Name own(Term.Name name) {
    return name(prefix + name.text());
  }

  private Term.Name name(String text) {
    return new Term.Name(text, span);
  }
}
