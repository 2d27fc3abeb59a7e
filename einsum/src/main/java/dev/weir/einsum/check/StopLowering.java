package dev.weir.einsum.check;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import dev.weir.einsum.syntax.Trivia;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** When iterations end early: {@code stop k when D[k+1] <= 1e-6}. */
final class StopLowering {

  private final Scope scope;
  private final Findings findings;
  private final ConditionLowering conditions;

  StopLowering(Scope scope, Findings findings, ConditionLowering conditions) {
    this.scope = scope;
    this.findings = findings;
    this.conditions = conditions;
  }

  /** All of them; what is wrong is reported and left out. */
  List<Stop> lower() {
    List<Stop> lowered = new ArrayList<>();
    Set<RankName> seen = new HashSet<>();
    for (Statement.Stop stop : scope.stops()) {
      Optional<RankName> rank = iterative(stop.variable());
      if (rank.isPresent() && !seen.add(rank.get())) {
        findings.error(
            stop.span(),
            "an iteration has one stop (got a second one for %s, expected conditions joined by or)"
                .formatted(stop.variable().text()));
      }
      boolean known = NameCheck.check(scope, findings, asEinsum(stop));
      if (rank.isPresent() && known) {
        lower(stop, rank.get()).ifPresent(lowered::add);
      }
    }
    return lowered;
  }

  /** Its condition is read as that of an Einsum that makes nothing. */
  static Assignment asEinsum(Statement.Stop stop) {
    Span nowhere = stop.variable().span();
    return new Assignment(
        new Term.Name("", nowhere),
        new Term.Numeral("1", nowhere),
        List.of(),
        Optional.of(stop.condition()),
        stop.span(),
        Trivia.NONE);
  }

  private Optional<RankName> iterative(Term.Name variable) {
    Optional<RankName> rank =
        scope.rankOfVariable(variable.text()).filter(scope.iterativeRanks()::contains);
    if (rank.isEmpty() && !findings.isExcused(variable.text())) {
      List<String> known = scope.iterativeRanks().stream().map(RankName::variable).toList();
      findings.error(
          variable.span(),
          "only an iteration can stop (got %s, expected the variable of an iterative rank%s)"
              .formatted(variable.text(), known.isEmpty() ? "" : ": " + String.join(", ", known)),
          Spelling.nearest(variable.text(), known));
    }
    return rank;
  }

  private Optional<Stop> lower(Statement.Stop said, RankName rank) {
    try {
      Condition condition = conditions.condition(said.condition());
      return Optional.of(new Stop(rank, condition));
    } catch (Rejection rejection) {
      rejection.report(findings);
      return Optional.empty();
    }
  }
}
