package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Warns about what is declared or produced and never used. */
final class UseCheck {

  private final Scope scope;
  private final Findings findings;

  /** Which Einsums read each name, in values, indices or conditions. */
  private final Map<String, Set<String>> readers = new HashMap<>();

  private final Set<String> called = new HashSet<>();
  private final Set<String> usedByDefinitions = new HashSet<>();
  private final Set<String> mentionedByEinsums = new HashSet<>();

  private UseCheck(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
    scope.readers().forEach(this::read);
    scope.assignments().forEach(this::mentioned);
    Stream.concat(
            scope.scalars().values().stream().map(Statement.Definition::value),
            scope.functions().values().stream().map(Statement.Function::body))
        .flatMap(Term::all)
        .forEach(term -> mentioned(term, usedByDefinitions));
  }

  static void check(Scope scope, Findings findings) {
    UseCheck check = new UseCheck(scope, findings);
    scope.tensors().values().forEach(check::tensor);
    check.scalars();
    check.functions();
    check.ranks();
  }

  private void read(Assignment assignment) {
    String reader = assignment.tensor().text();
    scope
        .namesRead(assignment)
        .forEach(name -> readers.computeIfAbsent(name, _ -> new HashSet<>()).add(reader));
  }

  private void mentioned(Assignment assignment) {
    Stream.concat(assignment.indices().stream().flatMap(Term::all), Terms.of(assignment))
        .forEach(term -> mentioned(term, mentionedByEinsums));
  }

  private void mentioned(Term term, Set<String> names) {
    switch (term) {
      case Term.Name name -> names.add(name.text());
      case Term.Call call -> called.add(call.function().text());
      case Term.Numeral _, Term.Access _, Term.Prefix _, Term.Infix _, Term.Group _ -> {}
    }
  }

  private void functions() {
    scope
        .functions()
        .forEach(
            (name, function) -> {
              if (!called.contains(name)) {
                findings.warning(
                    function.name().span(),
                    "function is never used (got %s)".formatted(name),
                    "remove it");
              }
            });
  }

  private void tensor(Symbol tensor) {
    boolean used =
        scope.outputs().containsKey(tensor.name())
            || readers.getOrDefault(tensor.name(), Set.of()).stream()
                .anyMatch(reader -> !reader.equals(tensor.name()));
    if (used || findings.isExcused(tensor.name())) {
      return;
    }
    String fix = tensor.input() ? "remove it from the inputs" : "name it as an output or remove it";
    String what = tensor.input() ? "input is never read" : "tensor is neither read nor an output";
    findings.warning(tensor.span(), "%s (got %s)".formatted(what, tensor.name()), fix);
  }

  private void scalars() {
    scope
        .scalars()
        .forEach(
            (name, definition) -> {
              boolean used = usedByDefinitions.contains(name) || readers.containsKey(name);
              if (!used && !findings.isExcused(name)) {
                findings.warning(
                    definition.name().span(),
                    "scalar is never read (got %s)".formatted(name),
                    "remove it");
              }
            });
  }

  private void ranks() {
    Set<String> used = new HashSet<>(usedByDefinitions);
    used.addAll(mentionedByEinsums);
    scope.tensors().values().stream()
        .flatMap(tensor -> tensor.ranks().stream())
        .forEach(list -> list.forEach(rank -> used.add(rank.text())));
    scope.partitions().forEach(split -> used.add(split.parent().text()));
    scope.derivedShapes().values().stream().flatMap(Terms::names).forEach(used::add);
    scope.distributions().values().stream().flatMap(Terms::names).forEach(used::add);
    scope
        .ranks()
        .forEach(
            (rank, span) -> {
              if (!isUsed(rank, used) && !findings.isExcused(rank.text())) {
                findings.warning(span, "rank is never used (got %s)".formatted(rank), "remove it");
              }
            });
  }

  private static boolean isUsed(RankName rank, Set<String> used) {
    return used.contains(rank.text()) || used.contains(rank.variable());
  }
}
