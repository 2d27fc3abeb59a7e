package dev.weir.cli.experiment;

import dev.weir.cli.experiment.Experiment.Entry;
import dev.weir.cli.experiment.Experiment.Reference;
import dev.weir.cli.experiment.Experiment.Target;
import dev.weir.einsum.analysis.PointCount;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Violation;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.Collectors;

/** Judges the schedules of one target, at its shapes and on its machine. */
final class EntryJudge {

  /** Points of all Einsums that are interpreted within seconds. */
  static final long MOST_POINTS = 10_000_000;

  private final Target target;
  private final SourceFile experiment;
  private final Architecture machine;
  private final Diagnostics diagnostics;

  EntryJudge(Target target, Architecture machine, Diagnostics diagnostics) {
    this.target = target;
    this.experiment = target.machine().in();
    this.machine = machine;
    this.diagnostics = diagnostics;
  }

  /**
   * Says what stands in the way of a cascade under a schedule.
   *
   * @param searched whether other parameters are tried than those of the file; then only names that
   *     do not exist are wrong for certain
   */
  void judge(
      Cascade cascade,
      Reference cascadeNamed,
      ParsedSchedule parsed,
      Reference scheduleNamed,
      boolean searched) {
    problem(cascade, cascadeNamed, parsed, target.shapes())
        .ifPresent(problem -> judge(problem, parsed, scheduleNamed, searched));
  }

  private void judge(
      Problem problem, ParsedSchedule parsed, Reference scheduleNamed, boolean searched) {
    try {
      switch (Legality.judge(problem)) {
        case Judgement.Legal _ -> CostModel.evaluate(problem);
        case Judgement.Illegal illegal -> {
          boolean certain =
              illegal.violations().stream()
                  .anyMatch(violation -> violation.reason() == Violation.Reason.UNKNOWN_NAME);
          if (certain || !searched) {
            illegal(problem, parsed, scheduleNamed, illegal.violations());
          }
        }
      }
    } catch (ArithmeticException overflow) {
      Overflow.requireOverflow(overflow);
      tooLarge(scheduleNamed.span(), target.shapes());
    } catch (IllegalArgumentException excluded) {
      diagnostics.error(
          experiment,
          scheduleNamed.span(),
          "schedule %s cannot be costed (got %s, expected a form of docs/cost-model.md)"
              .formatted(parsed.schedule().name(), excluded.getMessage()));
    }
  }

  private void illegal(
      Problem problem, ParsedSchedule parsed, Reference named, List<Violation> violations) {
    List<Diagnostic> found = parsed.diagnostics(violations);
    found.forEach(diagnostics::add);
    diagnostics.error(
        experiment,
        named.span(),
        "schedule %s is illegal for cascade %s in target %s (got %s, expected none; see %s)"
            .formatted(
                parsed.schedule().name(),
                problem.cascade().name(),
                target.id(),
                found.size() == 1 ? "1 broken rule" : found.size() + " broken rules",
                found.getFirst().position()));
  }

  /** Whether the smaller shapes of the chosen schedule are small. */
  void interpretation(Entry chosen, Cascade cascade, ParsedSchedule parsed) {
    target
        .interpret()
        .ifPresent(
            shapes ->
                problem(cascade, chosen.cascade(), parsed, shapes)
                    .ifPresent(reduced -> requireFewPoints(reduced, shapes)));
  }

  private void requireFewPoints(Problem problem, Map<RankName, Long> shapes) {
    Span place = target.places().interpret().orElseThrow();
    try {
      long points = 0;
      for (var einsum : problem.cascade().einsums()) {
        long more = PointCount.of(einsum, problem.cascade(), problem.shapes()).points();
        points = Math.addExact(points, more);
      }
      if (points > MOST_POINTS) {
        diagnostics.error(
            experiment,
            place,
            "too much to interpret (got %,d points, expected at most %,d)"
                .formatted(points, MOST_POINTS),
            "smaller shapes, such as P: 40, M: 100");
      }
    } catch (ArithmeticException overflow) {
      Overflow.requireOverflow(overflow);
      tooLarge(place, shapes);
    }
  }

  private void tooLarge(Span place, Map<RankName, Long> shapes) {
    diagnostics.error(experiment, place, Overflow.message(shapes), Overflow.FIX);
  }

  private Optional<Problem> problem(
      Cascade cascade, Reference named, ParsedSchedule parsed, Map<RankName, Long> shapes) {
    NavigableSet<RankName> missing = Problems.missing(cascade, shapes.keySet());
    if (!missing.isEmpty()) {
      diagnostics.error(
          experiment,
          named.span(),
          Problems.missingMessage(cascade, missing, shapes.keySet()),
          "add to the shapes of target "
              + target.id()
              + ": "
              + missing.stream().map(rank -> rank + ": …").collect(Collectors.joining(", ")));
      return Optional.empty();
    }
    try {
      return Optional.of(
          Problems.of(cascade, parsed.schedule(), machine, shapes, experiment.name()));
    } catch (InvalidInputException wrong) {
      diagnostics.error(
          experiment, named.span(), wrong.getMessage().lines().findFirst().orElseThrow());
      return Optional.empty();
    } catch (ArithmeticException overflow) {
      Overflow.requireOverflow(overflow);
      tooLarge(named.span(), shapes);
      return Optional.empty();
    }
  }
}
