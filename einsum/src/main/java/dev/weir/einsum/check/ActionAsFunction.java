package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A reduction that is written as a function, as in {@code max(A[p,m])}, and how it is written. */
final class ActionAsFunction {

  private static final String SUM = "sum";
  private static final String MEAN = "mean";

  private static final Set<String> MEANS = Set.of(MEAN, "average", "avg");

  private final Scope scope;
  private final Findings findings;
  private final Assignment assignment;

  ActionAsFunction(Scope scope, Findings findings, Assignment assignment) {
    this.scope = scope;
    this.findings = findings;
    this.assignment = assignment;
  }

  static boolean isMean(String word) {
    return MEANS.contains(word);
  }

  /** Whether a call is one; then it is reported. */
  boolean isReported(Term.Call call) {
    String word = isMean(call.function().text()) ? MEAN : call.function().text();
    boolean isMaximum = word.equals(Words.MAXIMUM) || word.equals(Words.MINIMUM);
    List<Term> values =
        call.arguments().stream().filter(argument -> !isVariable(argument)).toList();
    if (values.size() != 1
        || (isMaximum && call.arguments().size() != 1)
        || !(word.equals(MEAN) || Words.REDUCTIONS.contains(word))
        || scope.functions().containsKey(call.function().text())) {
      return false;
    }
    Set<RankName> reduced = reduced(values.getFirst());
    if (reduced.isEmpty()) {
      return false;
    }
    report(call, word, values.getFirst(), reduced);
    return true;
  }

  private void report(Term.Call call, String word, Term value, Set<RankName> reduced) {
    String meant = meant(word, value, reduced);
    boolean isWhole = assignment.right().ungrouped().equals(call) && assignment.actions().isEmpty();
    String fix = meant;
    if (!isWhole) {
      Set<RankName> kept = ranks(value);
      kept.removeAll(reduced);
      String own = assignment.tensor().text() + "_" + word;
      String shown = kept.isEmpty() ? own : own + "[" + variables(kept, ",") + "]";
      fix = "%s here, and above this Einsum: %s = %s".formatted(shown, shown, meant);
    }
    findings.error(
        call.span(),
        "%s (got '%s', expected '%s')".formatted(rule(word), findings.text(call.span()), meant),
        fix);
  }

  private static String rule(String word) {
    return switch (word) {
      case SUM -> "ranks that the left side lacks are summed, without a function";
      case MEAN -> "a mean is a sum divided by a shape";
      default -> word + " along a rank is no function and follows the value";
    };
  }

  private String meant(String word, Term value, Set<RankName> reduced) {
    String text = findings.text(value.span());
    return switch (word) {
      case SUM -> text;
      case MEAN -> mean(value, reduced);
      default -> "%s :: %s(%s)".formatted(text, word, variables(reduced, ", "));
    };
  }

  private String mean(Term value, Set<RankName> reduced) {
    String text = findings.text(value.span());
    String sum = value instanceof Term.Infix ? "(" + text + ")" : text;
    return sum + reduced.stream().map(rank -> " / " + rank).collect(Collectors.joining());
  }

  /** What {@code :: mean(m)} means, where its arguments are variables. */
  Optional<String> mean(Term.Call action) {
    List<Optional<RankName>> ranks =
        action.arguments().stream()
            .map(argument -> Terms.word(argument).flatMap(scope::rankOfVariable))
            .toList();
    return ranks.isEmpty() || ranks.stream().anyMatch(Optional::isEmpty)
        ? Optional.empty()
        : Optional.of(
            mean(
                assignment.right(),
                ranks.stream()
                    .map(Optional::orElseThrow)
                    .collect(Collectors.toCollection(LinkedHashSet::new))));
  }

  private boolean isVariable(Term term) {
    return term instanceof Term.Name name && scope.rankOfVariable(name.text()).isPresent();
  }

  private Set<RankName> reduced(Term value) {
    Set<RankName> ranks = ranks(value);
    assignment.indices().stream()
        .flatMap(Terms::names)
        .flatMap(name -> scope.rankOfVariable(name).stream())
        .forEach(ranks::remove);
    return ranks;
  }

  private Set<RankName> ranks(Term value) {
    return Terms.names(value)
        .flatMap(name -> scope.rankOfVariable(name).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String variables(Set<RankName> ranks, String separator) {
    return ranks.stream().map(RankName::variable).collect(Collectors.joining(separator));
  }
}
