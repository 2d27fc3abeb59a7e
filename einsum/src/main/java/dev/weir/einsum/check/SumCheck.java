package dev.weir.einsum.check;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.syntax.InfixOperator;
import dev.weir.einsum.syntax.PrefixOperator;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Warns about sums that are legal and hardly meant: the whole right side is summed, also a term
 * that does not change along the rank, and after functions of it. Whoever means it names the ranks:
 * {@code :: sum(m)}.
 */
final class SumCheck {

  private static final Set<InfixOperator> SUMS = Set.of(InfixOperator.ADD, InfixOperator.SUBTRACT);

  /**
   * A term of the right side.
   *
   * @param ranks those of them that are summed
   */
  private record Summand(Term term, boolean isNegative, Set<RankName> ranks) {}

  private final Findings findings;
  private final ValueLowering values;
  private final Assignment assignment;
  private final Set<RankName> reduced;

  private SumCheck(
      Findings findings, ValueLowering values, Assignment assignment, Set<RankName> reduced) {
    this.findings = findings;
    this.values = values;
    this.assignment = assignment;
    this.reduced = reduced;
  }

  /** Looks at all Einsums; there is one for each assignment, in its order. */
  static void check(Scope scope, Findings findings, ValueLowering values, List<Einsum> einsums) {
    for (int i = 0; i < einsums.size(); i++) {
      Assignment assignment = scope.assignments().get(i);
      Set<RankName> reduced = einsums.get(i).reducedRanks();
      if (assignment.actions().isEmpty() && !reduced.isEmpty() && isOwn(assignment)) {
        new SumCheck(findings, values, assignment, reduced).check();
      }
    }
  }

  /** Statements of used cascades all stand where the use does. */
  static boolean isOwn(Assignment assignment) {
    return !assignment.left().span().equals(assignment.span());
  }

  private void check() {
    if (coordinateOnly() || axisOfMaximum()) {
      return;
    }
    List<Summand> summands = new ArrayList<>();
    collect(assignment.right(), false, summands);
    Set<RankName> summed =
        summands.stream()
            .flatMap(summand -> summand.ranks().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    summands.stream()
        .filter(summand -> !summand.ranks().equals(summed))
        .findFirst()
        .ifPresentOrElse(
            summand -> warnRepeated(summand, summed, summands),
            () -> calls(assignment.right()).forEach(this::checkCall));
  }

  /** A rank that is summed without a tensor that has it: {@code e^x} where E is a rank. */
  private boolean coordinateOnly() {
    Set<RankName> read = new LinkedHashSet<>();
    values.value(assignment.right()).reads().flatMap(Access::ranks).forEach(read::add);
    assignment.condition().stream()
        .flatMap(Terms::names)
        .map(RankName::ofVariable)
        .forEach(read::add);
    Optional<RankName> alone = reduced.stream().filter(rank -> !read.contains(rank)).findFirst();
    alone.ifPresent(
        rank ->
            findings.warning(
                assignment.right().span(),
                "%s is summed as a coordinate only (got '%s', expected a tensor with %s in it)"
                    .formatted(rank.variable(), text(assignment.right()), rank.variable()),
                power(rank).orElse("':: %s' behind it if that is meant".formatted(sum()))));
    return alone.isPresent();
  }

  /** {@code exp(x)} for {@code e^x} or {@code e^(x)}. */
  private Optional<String> power(RankName rank) {
    return assignment.right().ungrouped() instanceof Term.Infix infix
            && infix.operator() == InfixOperator.POWER
            && infix.left() instanceof Term.Name name
            && name.text().equals("e")
            && rank.variable().equals("e")
        ? Optional.of("exp(" + text(infix.right().ungrouped()) + ")")
        : Optional.empty();
  }

  /** {@code max(A[p,m], m)}, as other languages name the axis of a maximum. */
  private boolean axisOfMaximum() {
    if (assignment.right().ungrouped() instanceof Term.Call call
        && Words.reduction(call.function().text()).isPresent()
        && call.arguments().size() == 2
        && call.arguments().get(1) instanceof Term.Name axis
        && reduced.contains(RankName.ofVariable(axis.text()))) {
      String function = call.function().text();
      findings.warning(
          call.span(),
          "%s of two values, of which one is the coordinate %s, is summed over %s (got '%s',"
                  .formatted(function, axis.text(), variables(reduced, ", "), text(call))
              + " expected %s along %s)".formatted(function, axis.text()),
          "%s :: %s(%s)"
              .formatted(text(call.arguments().get(0)), function, variables(reduced, ", ")));
      return true;
    }
    return false;
  }

  private void collect(Term grouped, boolean isNegative, List<Summand> summands) {
    Term term = grouped.ungrouped();
    if (term instanceof Term.Infix infix && SUMS.contains(infix.operator())) {
      collect(infix.left(), isNegative, summands);
      collect(infix.right(), isNegative ^ (infix.operator() == InfixOperator.SUBTRACT), summands);
    } else if (term instanceof Term.Prefix prefix && prefix.operator() == PrefixOperator.NEGATE) {
      collect(prefix.operand(), !isNegative, summands);
    } else {
      summands.add(new Summand(term, isNegative, summedRanks(term)));
    }
  }

  private Set<RankName> summedRanks(Term term) {
    Set<RankName> ranks = ranks(term);
    ranks.retainAll(reduced);
    return ranks;
  }

  private Set<RankName> ranks(Term term) {
    return values.value(term).ranks().collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void warnRepeated(Summand repeated, Set<RankName> summed, List<Summand> summands) {
    Set<RankName> without = new LinkedHashSet<>(summed);
    without.removeAll(repeated.ranks());
    findings.warning(
        repeated.term().span(),
        "%s is added once for every %s, as the whole right side is summed (got a term without %s,"
                .formatted(
                    text(repeated.term()), variables(without, ", "), variables(without, ", "))
            + " expected it in every term)",
        apart(summands) + ", or ':: " + sum() + "' behind it if that is meant");
  }

  /** Each sum in an Einsum of its own, and what is made of them. */
  private String apart(List<Summand> summands) {
    List<Set<RankName>> sums =
        summands.stream().map(Summand::ranks).filter(ranks -> !ranks.isEmpty()).distinct().toList();
    if (assignment.condition().isPresent()) {
      return "an Einsum of its own for what is summed over " + variables(reduced, ", ");
    }
    List<String> einsums = new ArrayList<>();
    StringBuilder whole = new StringBuilder();
    summands.stream()
        .filter(summand -> summand.ranks().isEmpty())
        .forEach(summand -> append(whole, summand.isNegative(), text(summand.term())));
    for (int i = 0; i < sums.size(); i++) {
      Set<RankName> ranks = sums.get(i);
      String suffix = "_sum" + (sums.size() == 1 ? "" : Integer.toString(i + 1));
      String left = named(suffix);
      StringBuilder sum = new StringBuilder();
      summands.stream()
          .filter(summand -> summand.ranks().equals(ranks))
          .forEach(summand -> append(sum, summand.isNegative(), text(summand.term())));
      einsums.add(left + " = " + sum);
      append(whole, false, left);
    }
    einsums.add(text(assignment.left()) + " = " + whole);
    return "write " + String.join(" and ", einsums);
  }

  private String named(String suffix) {
    String left = text(assignment.left());
    String name = assignment.tensor().text();
    return name + suffix + left.substring(name.length());
  }

  private static void append(StringBuilder sum, boolean isNegative, String term) {
    if (isNegative) {
      sum.append(sum.isEmpty() ? "-" : " - ");
    } else {
      sum.append(sum.isEmpty() ? "" : " + ");
    }
    sum.append(term);
  }

  /** Functions of one value that the right side is a sum of products of. */
  private static Stream<Term.Call> calls(Term term) {
    return switch (term) {
      case Term.Call call when call.arguments().size() == 1 -> Stream.of(call);
      case Term.Infix infix -> Stream.concat(calls(infix.left()), calls(infix.right()));
      case Term.Prefix prefix -> calls(prefix.operand());
      case Term.Group group -> calls(group.inner());
      case Term.Numeral _, Term.Name _, Term.Access _, Term.Call _ -> Stream.empty();
    };
  }

  /** A contraction inside a function, along a rank that nothing outside has. */
  private void checkCall(Term.Call call) {
    String function = call.function().text();
    Term argument = call.arguments().getFirst();
    if (function.equals("abs") || function.equals(Words.POSITION)) {
      return;
    }
    Set<RankName> contracted = contracted(argument);
    outside(assignment.right(), call).map(this::ranks).forEach(contracted::removeAll);
    assignment.condition().stream()
        .flatMap(Terms::names)
        .map(RankName::ofVariable)
        .forEach(contracted::remove);
    if (contracted.isEmpty()) {
      return;
    }
    Set<RankName> kept = ranks(argument);
    kept.removeAll(contracted);
    String own = assignment.tensor().text() + "_sum";
    String left = kept.isEmpty() ? own : own + "[" + variables(kept, ",") + "]";
    String after =
        text(assignment.left())
            + " = "
            + text(assignment.right()).replace(text(call), function + "(" + left + ")");
    findings.warning(
        call.span(),
        "%s is taken of every product, and its values are summed over %s (got '%s', expected %s of"
                .formatted(function, variables(contracted, ", "), text(call), function)
            + " a sum that another Einsum makes)",
        "write %s = %s and %s, or ':: %s' behind it if that is meant"
            .formatted(left, text(argument), after, sum()));
  }

  /** Ranks that are summed and that two factors of a product have. */
  private Set<RankName> contracted(Term argument) {
    Set<RankName> once = new LinkedHashSet<>();
    Set<RankName> twice = new LinkedHashSet<>();
    factors(argument)
        .forEach(
            factor ->
                summedRanks(factor).stream().filter(rank -> !once.add(rank)).forEach(twice::add));
    return twice;
  }

  private static Stream<Term> factors(Term grouped) {
    Term term = grouped.ungrouped();
    return term instanceof Term.Infix infix && infix.operator() == InfixOperator.MULTIPLY
        ? Stream.concat(factors(infix.left()), factors(infix.right()))
        : Stream.of(term);
  }

  /** The largest terms that do not hold a call. */
  private static Stream<Term> outside(Term term, Term.Call call) {
    if (term.equals(call)) {
      return Stream.empty();
    }
    return term.all().anyMatch(call::equals)
        ? term.children().stream().flatMap(child -> outside(child, call))
        : Stream.of(term);
  }

  private String sum() {
    return "sum(" + variables(reduced, ", ") + ")";
  }

  private String text(Term term) {
    return findings.text(term.span());
  }

  private static String variables(Set<RankName> ranks, String separator) {
    return ranks.stream().map(RankName::variable).collect(Collectors.joining(separator));
  }
}
