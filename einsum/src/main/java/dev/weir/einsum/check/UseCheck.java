package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Warns about what is declared or produced and never used. */
final class UseCheck {

  private final Scope scope;
  private final Findings findings;
  private final Map<String, Set<String>> readers;

  private UseCheck(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
    this.readers = readers(scope);
  }

  static void check(Scope scope, Findings findings) {
    UseCheck check = new UseCheck(scope, findings);
    scope.tensors().values().forEach(check::tensor);
    check.scalars();
    check.functions();
    check.ranks();
  }

  private void functions() {
    Set<String> called = new TreeSet<>();
    Stream.concat(
            scope.assignments().stream().flatMap(Terms::of),
            Stream.concat(
                    scope.scalars().values().stream().map(Statement.Definition::value),
                    scope.functions().values().stream().map(Statement.Function::body))
                .flatMap(Term::all))
        .filter(Term.Call.class::isInstance)
        .forEach(term -> called.add(((Term.Call) term).function().text()));
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

  /** Which Einsums read each name, in values, indices or conditions. */
  private static Map<String, Set<String>> readers(Scope scope) {
    Map<String, Set<String>> readers = new HashMap<>();
    scope
        .readers()
        .forEach(
            assignment ->
                scope
                    .namesRead(assignment)
                    .forEach(
                        name ->
                            readers
                                .computeIfAbsent(name, _ -> new HashSet<>())
                                .add(assignment.tensor().text())));
    return readers;
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
              boolean usedByDefinition =
                  Stream.concat(
                          scope.scalars().values().stream().map(Statement.Definition::value),
                          scope.functions().values().stream().map(Statement.Function::body))
                      .flatMap(Terms::names)
                      .anyMatch(name::equals);
              if (!usedByDefinition && !readers.containsKey(name) && !findings.isExcused(name)) {
                findings.warning(
                    definition.name().span(),
                    "scalar is never read (got %s)".formatted(name),
                    "remove it");
              }
            });
  }

  private void ranks() {
    Set<String> used = new TreeSet<>();
    scope.tensors().values().stream()
        .flatMap(tensor -> tensor.ranks().stream())
        .forEach(list -> list.forEach(rank -> used.add(rank.text())));
    scope.partitions().forEach(split -> used.add(split.parent().text()));
    scope.scalars().values().stream().flatMap(s -> Terms.names(s.value())).forEach(used::add);
    scope.derivedShapes().values().stream().flatMap(Terms::names).forEach(used::add);
    scope.distributions().values().stream().flatMap(Terms::names).forEach(used::add);
    scope.functions().values().stream().flatMap(f -> Terms.names(f.body())).forEach(used::add);
    for (Assignment assignment : scope.assignments()) {
      Stream.concat(
              assignment.indices().stream().flatMap(Terms::names),
              Terms.of(assignment).flatMap(Terms::names))
          .forEach(used::add);
    }
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
