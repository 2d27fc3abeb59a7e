package dev.weir.einsum.check;

import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Statement.Definition;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives scalars their meaning: they read shapes, numbers and scalars above them, nothing else. */
final class ScalarLowering {

  private final Scope scope;
  private final Findings findings;
  private final ValueLowering values;

  ScalarLowering(Scope scope, Findings findings, ValueLowering values) {
    this.scope = scope;
    this.findings = findings;
    this.values = values;
  }

  Map<TensorName, Expression> lower() {
    Map<TensorName, Expression> lowered = new LinkedHashMap<>();
    List<String> above = new ArrayList<>();
    for (Definition definition : scope.scalars().values()) {
      int before = findings.errors();
      definition.value().all().forEach(term -> check(term, above));
      if (findings.errors() == before && !readsWhatIsExcused(definition, above)) {
        try {
          lowered.put(new TensorName(definition.name().text()), values.value(definition.value()));
        } catch (Rejection rejection) {
          rejection.report(findings);
        }
      }
      above.add(definition.name().text());
    }
    return lowered;
  }

  private boolean readsWhatIsExcused(Definition definition, List<String> above) {
    return Terms.names(definition.value())
        .anyMatch(name -> !isKnown(name, above) && findings.isExcused(name));
  }

  private void check(Term term, List<String> above) {
    switch (term) {
      case Term.Name name -> checkName(name, above);
      case Term.Access access ->
          findings.error(
              access.span(),
              "a scalar depends on shapes and on scalars above it only (got tensor %s, expected an"
                      .formatted(access.tensor().text())
                  + " Einsum instead)");
      case Term.Call call -> {
        if (!Words.VALUE_FUNCTIONS.contains(call.function().text())
            && !scope.functions().containsKey(call.function().text())) {
          findings.error(
              call.function().span(),
              "unknown function (got %s, expected one of %s)"
                  .formatted(call.function().text(), String.join(", ", Words.VALUE_FUNCTIONS)),
              Spelling.nearest(call.function().text(), Words.VALUE_FUNCTIONS));
        }
      }
      case Term.Numeral _, Term.Prefix _, Term.Infix _, Term.Group _ -> {}
    }
  }

  private void checkName(Term.Name name, List<String> above) {
    String text = name.text();
    if (!isKnown(text, above) && !findings.isExcused(text)) {
      List<String> candidates = new ArrayList<>(above);
      scope.ranks().keySet().forEach(rank -> candidates.add(rank.text()));
      findings.error(
          name.span(),
          "a scalar depends on shapes and on scalars above it only (got %s, expected %s)"
              .formatted(text, ScopeReader.oneOf(candidates)),
          Optional.of("define %s before".formatted(text))
              .filter(_ -> scope.scalars().containsKey(text))
              .or(() -> scope.rankOfVariable(text).map(rank -> rank.text()))
              .or(() -> Spelling.nearest(text, candidates)));
    }
  }

  private boolean isKnown(String text, List<String> above) {
    return above.contains(text)
        || scope.rankOfShape(text).isPresent()
        || Set.of("true", "false").contains(text);
  }
}
