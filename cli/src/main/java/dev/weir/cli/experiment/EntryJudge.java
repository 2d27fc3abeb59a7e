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
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.engine.Simulator;
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
   * Whether a cascade under a schedule is legal and can be costed; what stands in the way is added.
   */
  boolean judge(
      Cascade cascade, Reference cascadeNamed, ParsedSchedule parsed, Reference scheduleNamed) {
    Optional<Problem> problem = problem(cascade, cascadeNamed, parsed, target.shapes());
    if (problem.isEmpty()) {
      return false;
    }
    String name = parsed.schedule().name();
    try {
      List<Diagnostic> found = Judged.found(problem.get(), parsed);
      if (found.isEmpty()) {
        CostModel.evaluate(problem.get());
        return true;
      }
      found.forEach(diagnostics::add);
      diagnostics.error(
          experiment,
          scheduleNamed.span(),
          "schedule %s is illegal for cascade %s in target %s (got %s, expected none; see %s)"
              .formatted(
                  name,
                  cascade.name(),
                  target.id(),
                  found.size() == 1 ? "1 broken rule" : found.size() + " broken rules",
                  found.getFirst().position()));
    } catch (ArithmeticException overflow) {
      Overflow.requireOverflow(overflow);
      tooLarge(scheduleNamed.span(), target.shapes());
    } catch (IllegalArgumentException excluded) {
      diagnostics.error(
          experiment,
          scheduleNamed.span(),
          "schedule %s cannot be costed (got %s, expected a form of docs/cost-model.md)"
              .formatted(name, excluded.getMessage()));
    }
    return false;
  }

  /** What is to be done with the chosen schedule. */
  void wishes(Entry chosen, Cascade cascade, ParsedSchedule parsed) {
    Optional<Problem> problem = problem(cascade, chosen.cascade(), parsed, target.shapes());
    if (target.simulate()) {
      problem
          .flatMap(Simulator::refusal)
          .ifPresent(
              reason ->
                  diagnostics.error(
                      experiment,
                      target.places().simulate().orElseThrow(),
                      "cascade %s cannot be simulated: %s (got a mask, expected a cascade without)"
                          .formatted(cascade.name(), reason),
                      "simulate: false, or the cascade without mask"));
    }
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
