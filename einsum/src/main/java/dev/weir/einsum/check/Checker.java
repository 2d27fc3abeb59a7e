package dev.weir.einsum.check;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.CascadeSyntax;
import dev.weir.einsum.syntax.Keyword;
import dev.weir.einsum.syntax.Statement.Assignment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a syntax tree to a cascade, in the order: names, Einsums one by one, their order, use. */
final class Checker {

  /**
   * A cascade that is right.
   *
   * @param syntax without any {@code use}
   * @param scope what its names mean
   */
  record Checked(CascadeSyntax syntax, Scope scope, Cascade cascade) {}

  private final SourceFile file;
  private final CascadeSyntax syntax;
  private final List<Claim> claims;
  private final Findings findings;

  private Checker(SourceFile file, Composition.Whole whole, Diagnostics diagnostics) {
    this.file = file;
    this.syntax = whole.syntax();
    this.claims = whole.claims();
    this.findings = new Findings(file, diagnostics, syntax.unreadable());
  }

  /**
   * A check of a text that has been read.
   *
   * @param users files that use this one, from the first one on
   * @param diagnostics gets what is wrong; modified
   */
  static Checker of(
      SourceFile file, CascadeSyntax syntax, List<Path> users, Diagnostics diagnostics) {
    return new Checker(file, Composition.of(file, syntax, users, diagnostics), diagnostics);
  }

  /** The cascade; nothing when there was an error, here or in the syntax. */
  Optional<Checked> check() {
    Scope scope = ScopeReader.read(syntax, findings);
    if (!Claim.check(claims, scope, findings)) {
      return Optional.empty();
    }
    checkComplete(scope);
    EinsumLowering lowering = new EinsumLowering(scope, findings);
    lowering.values().functions();
    ShapeLowering.Given shapes = lowering.shapes().lower();
    Map<TensorName, Distribution> distributions =
        new DistributionLowering(scope, findings, lowering.shapes()).lower();
    Map<TensorName, Expression> scalars =
        new ScalarLowering(scope, findings, lowering.values()).lower();
    List<Einsum> einsums = new ArrayList<>();
    for (Assignment assignment : scope.assignments()) {
      lowering.lower(assignment).ifPresent(einsums::add);
    }
    List<Stop> stops = new StopLowering(scope, findings, lowering.conditions()).lower();
    boolean whole = einsums.size() == scope.assignments().size();
    if (whole && findings.errors() == 0) {
      OrderCheck.check(scope, findings, einsums, stops);
    }
    if (findings.errors() == 0 && syntax.unreadable().isEmpty()) {
      UseCheck.check(scope, findings);
      SumCheck.check(scope, findings, lowering.values(), einsums);
      EmptyCheck.check(scope, findings, einsums);
    }
    boolean usable = whole && findings.errors() == 0 && syntax.unreadable().isEmpty();
    return syntax
        .header()
        .filter(_ -> usable)
        .map(
            header ->
                new Checked(
                    syntax,
                    scope,
                    new Cascade(
                        header.name().text(),
                        header.description().orElse(""),
                        scope.partitions(),
                        tensors(scope),
                        scalars,
                        shapes.defaults(),
                        shapes.derived(),
                        distributions,
                        stops,
                        einsums)));
  }

  /** Whether a finding says that this name means nothing. */
  boolean isUnknown(String name) {
    return findings.isExcused(name);
  }

  private void checkComplete(Scope scope) {
    if (syntax.header().isEmpty() && syntax.statements().isEmpty()) {
      return;
    }
    Span end = new Span(file.text().stripTrailing().length(), file.text().stripTrailing().length());
    boolean outputsUnreadable = syntax.unreadable().contains(Keyword.OUTPUTS.text());
    if (scope.outputs().isEmpty() && !outputsUnreadable) {
      Optional<String> last =
          scope.assignments().isEmpty()
              ? Optional.empty()
              : Optional.of(scope.assignments().getLast().tensor().text());
      findings.error(
          end,
          "cascade has no outputs (expected 'outputs' and the tensors that go out)",
          last.map(tensor -> Keyword.OUTPUTS.text() + " " + tensor));
    }
    if (scope.assignments().isEmpty() && syntax.unreadable().isEmpty()) {
      findings.error(end, "cascade has no Einsum (expected at least one)");
    }
  }

  private static List<Tensor> tensors(Scope scope) {
    List<Tensor> tensors = new ArrayList<>();
    Map<String, Double> defaults = new HashMap<>();
    for (Assignment assignment : scope.assignments()) {
      double empty = DefaultEmpty.of(assignment);
      if (empty != 0) {
        defaults.putIfAbsent(assignment.tensor().text(), empty);
      }
    }
    defaults.putAll(scope.empties());
    for (Symbol symbol : scope.tensors().values()) {
      Tensor.Role role =
          symbol.input()
              ? Tensor.Role.INPUT
              : scope.outputs().containsKey(symbol.name())
                  ? Tensor.Role.OUTPUT
                  : Tensor.Role.INTERMEDIATE;
      tensors.add(
          new Tensor(
              new TensorName(symbol.name()),
              role,
              symbol.ranks().orElseThrow(),
              symbol.generations(),
              defaults.getOrDefault(symbol.name(), 0.0)));
    }
    return tensors;
  }
}
