package dev.weir.einsum.check;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.ScalarFunction;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Functions that a cascade defines; each may use those above it. */
final class FunctionLowering {

  private static final String COST = "cost";
  private static final String RANGE = "range";
  private static final String RISING = "rising";
  private static final String FALLING = "falling";

  /** Words of what is known of a function. */
  static final List<String> FACTS = List.of(COST, RANGE, RISING, FALLING);

  private final Scope scope;
  private final Findings findings;
  private final ValueLowering values;
  private final Map<String, Optional<ScalarFunction>> lowered = new LinkedHashMap<>();
  private List<String> parameters = List.of();
  private boolean begun;

  FunctionLowering(Scope scope, Findings findings, ValueLowering values) {
    this.scope = scope;
    this.findings = findings;
    this.values = values;
  }

  /** The argument of this name, inside the body that is being read. */
  Optional<Expression> parameter(String name) {
    int position = parameters.indexOf(name);
    return position < 0 ? Optional.empty() : Optional.of(new Expression.Parameter(position, name));
  }

  /** A function; nothing when something is wrong with it, which is reported. */
  Optional<ScalarFunction> of(String name) {
    lower();
    return lowered.getOrDefault(name, Optional.empty());
  }

  /** Reads all once, in the order of the text. */
  void lower() {
    if (begun) {
      return;
    }
    begun = true;
    for (Statement.Function function : scope.functions().values()) {
      Optional<ScalarFunction> read = function(function);
      lowered.put(function.name().text(), read);
      if (read.isEmpty()) {
        findings.excuse(function.name().text());
      }
    }
  }

  private Optional<ScalarFunction> function(Statement.Function function) {
    int before = findings.errors();
    function.body().all().forEach(term -> check(term, function));
    if (findings.errors() > before) {
      return Optional.empty();
    }
    List<String> outer = parameters;
    parameters = function.parameters().stream().map(Term.Name::text).toList();
    try {
      Expression body = values.value(function.body());
      ScalarFunction read =
          new ScalarFunction(
              function.name().text(),
              parameters,
              body,
              cost(function),
              range(function),
              direction(function));
      checkParameters(function);
      checkFacts(function);
      if (findings.errors() == before) {
        FunctionFacts.contradiction(read)
            .ifPresent(what -> findings.error(function.name().span(), what));
      }
      // A body that can be read is used, whatever is wrong with the facts about it.
      return Optional.of(read);
    } catch (Rejection rejection) {
      rejection.report(findings);
      return Optional.empty();
    } finally {
      parameters = outer;
    }
  }

  private void checkParameters(Statement.Function function) {
    Set<String> seen = new HashSet<>();
    for (Term.Name parameter : function.parameters()) {
      if (!seen.add(parameter.text())) {
        findings.error(
            parameter.span(),
            "a function has two arguments of one name (got %s again, expected another name)"
                .formatted(parameter.text()));
      }
    }
  }

  /** Only arguments, numbers, shapes, scalars and functions above. */
  private void check(Term term, Statement.Function function) {
    switch (term) {
      case Term.Name name -> checkName(name, function);
      case Term.Access access ->
          findings.error(
              access.span(),
              "a function depends on its arguments only (got tensor %s, expected one of %s)"
                  .formatted(access.tensor().text(), names(function)));
      case Term.Call call -> {
        String called = call.function().text();
        List<String> known =
            Stream.concat(Words.VALUE_FUNCTIONS.stream(), lowered.keySet().stream())
                .filter(word -> !word.equals(Words.WHERE) && !word.equals(Words.POSITION))
                .toList();
        if (!known.contains(called)) {
          findings.error(
              call.function().span(),
              "no function that a function can use (got %s, expected one of %s)"
                  .formatted(called, String.join(", ", known)),
              Spelling.nearest(called, known));
        }
      }
      case Term.Numeral _, Term.Prefix _, Term.Infix _, Term.Group _ -> {}
    }
  }

  private void checkName(Term.Name name, Statement.Function function) {
    boolean known =
        function.parameters().stream().anyMatch(p -> p.text().equals(name.text()))
            || scope.scalars().containsKey(name.text())
            || scope.rankOfShape(name.text()).isPresent();
    if (!known) {
      List<String> arguments = function.parameters().stream().map(Term.Name::text).toList();
      findings.error(
          name.span(),
          "a function depends on its arguments only (got %s, expected one of %s)"
              .formatted(name.text(), names(function)),
          Spelling.nearest(name.text(), arguments));
    }
  }

  private static String names(Statement.Function function) {
    return String.join(", ", function.parameters().stream().map(Term.Name::text).toList());
  }

  private void checkFacts(Statement.Function function) {
    for (Term.Call fact : function.facts()) {
      if (!FACTS.contains(fact.function().text())) {
        findings.error(
            fact.function().span(),
            "unknown fact about a function (got %s, expected one of %s)"
                .formatted(fact.function().text(), String.join(", ", FACTS)),
            Spelling.nearest(fact.function().text(), FACTS));
      }
    }
    for (String word : FACTS) {
      facts(function, word)
          .skip(1)
          .forEach(
              again ->
                  findings.error(
                      again.span(),
                      "%s of %s is said twice (expected once)"
                          .formatted(word, function.name().text())));
    }
    List<Term.Call> directions =
        Stream.of(RISING, FALLING).flatMap(word -> facts(function, word).limit(1)).toList();
    if (directions.size() > 1) {
      findings.error(
          directions.getLast().span(),
          "a function rises or falls (got rising and falling, expected one of them)");
    } else if (directions.size() == 1 && function.parameters().size() != 1) {
      findings.error(
          directions.getFirst().span(),
          "only a function of one argument rises or falls (got %d arguments, expected 1)"
              .formatted(function.parameters().size()));
    }
  }

  private static Stream<Term.Call> facts(Statement.Function function, String word) {
    return function.facts().stream().filter(fact -> fact.function().text().equals(word));
  }

  private Optional<Map<String, Integer>> cost(Statement.Function function) {
    Optional<Term.Call> fact = facts(function, COST).findFirst();
    List<String> words = Arrays.stream(OperationKind.values()).map(OperationKind::text).toList();
    return fact.map(
        call -> {
          Map<String, Integer> counts = new TreeMap<>();
          for (Term argument : call.arguments()) {
            String word = Terms.word(argument).orElseGet(() -> findings.text(argument.span()));
            if (!words.contains(word)) {
              findings.error(
                  argument.span(),
                  "unknown operation (got %s, expected some of %s)"
                      .formatted(word, String.join(", ", words)),
                  Spelling.nearest(word, words));
            }
            counts.merge(word, 1, Integer::sum);
          }
          return counts;
        });
  }

  private ScalarFunction.Range range(Statement.Function function) {
    List<ScalarFunction.Range> ranges = new ArrayList<>();
    facts(function, RANGE)
        .forEach(
            call -> {
              List<OptionalDouble> bounds = call.arguments().stream().map(Terms::constant).toList();
              boolean isInterval =
                  bounds.size() == 2
                      && bounds.stream().allMatch(OptionalDouble::isPresent)
                      && bounds.get(0).getAsDouble() <= bounds.get(1).getAsDouble();
              if (isInterval) {
                ranges.add(
                    new ScalarFunction.Range(
                        bounds.get(0).getAsDouble(), bounds.get(1).getAsDouble()));
              } else {
                findings.error(
                    call.span(),
                    "a range is two numbers in order (got '%s', expected one such as range(-1, inf))"
                        .formatted(findings.text(call.span())));
              }
            });
    return ranges.isEmpty() ? ScalarFunction.Range.ANY : ranges.getFirst();
  }

  private static ScalarFunction.Direction direction(Statement.Function function) {
    return facts(function, RISING).findAny().isPresent()
        ? ScalarFunction.Direction.RISING
        : facts(function, FALLING).findAny().isPresent()
            ? ScalarFunction.Direction.FALLING
            : ScalarFunction.Direction.UNKNOWN;
  }
}
