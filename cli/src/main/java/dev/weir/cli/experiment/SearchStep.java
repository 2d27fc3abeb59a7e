package dev.weir.cli.experiment;

import dev.weir.cli.experiment.Experiment.Target;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.Violation;
import dev.weir.mapper.search.Candidate;
import dev.weir.mapper.search.Objective;
import dev.weir.mapper.search.Progress;
import dev.weir.mapper.search.SearchResult;
import dev.weir.mapper.search.SearchSpace;
import dev.weir.mapper.search.Template;
import dev.weir.mapper.search.TileSearch;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.SearchParts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** Searches the parameters that an experiment names. */
final class SearchStep {

  private SearchStep() {}

  /**
   * Looks at all combinations and says what came of it. That none is legal is a failed check: what
   * was asked for does not exist, and the file's own values are no answer to it.
   *
   * @param problem the schedule with the values of its file
   * @param workload shapes of the ranks that are no part of another
   * @param sourceOf the source of the search's figures, from what is to be said of it
   * @return the best one
   */
  static Optional<Candidate> run(
      Experiment.Search search,
      Problem problem,
      Map<RankName, Long> workload,
      Function<String, Source> sourceOf,
      SectionBuilder section) {
    Template template = new Template(problem.cascade(), problem.schedule(), search.parameters());
    SearchSpace space = new SearchSpace(List.of(template), problem.architecture(), workload);
    SearchResult result = TileSearch.run(space, search.objective(), Progress.NONE);
    Source source = sourceOf.apply(detail(search, result));
    if (result.best().isPresent()) {
      section.part(SearchParts.alternatives(result, source));
    }
    section.part(SearchParts.space(result, source));
    section.lastCard(
        "search", Figure.of(result.spaceSize(), Unit.SCHEDULES, source), result.proof());
    section.check(
        "some point of the search over " + problem.schedule().name() + " is legal",
        "rules of legality",
        result.best().isPresent() ? Outcome.PASSED : Outcome.FAILED,
        result.proof());
    return result.best();
  }

  private static String detail(Experiment.Search search, SearchResult result) {
    return "or with the parameters of a row, of all of "
        + search.parameters()
        + result.best().map(best -> CostParts.accuracyAfter("; ", best.cost())).orElse("");
  }

  /**
   * Refuses an objective that has no value on a machine without energy figures.
   *
   * @throws InvalidInputException naming the machine's file
   */
  static void requireEnergy(Experiment.Search search, Target target, Architecture machine) {
    if (search.objective() == Objective.LATENCY || CostParts.hasEnergy(machine)) {
      return;
    }
    String objective = search.objective().name().toLowerCase(Locale.ROOT).replace('_', '-');
    throw new InvalidInputException(
        List.of(
            new Diagnostic(
                Severity.ERROR,
                target.machine().in(),
                target.machine().span(),
                "target %s is searched for the least %s, but %s gives no energy figures (got objective %s, expected objective latency)"
                    .formatted(target.id(), objective, target.machine().path(), objective),
                Optional.of("write objective: latency, or give energy everywhere in that file"))));
  }

  /**
   * Lets a schedule pass whose file's own parameters are illegal, since others are tried; names
   * that do not exist are wrong with all of them.
   *
   * @throws InvalidInputException with the unknown names
   */
  static void requireKnownNames(Problem problem, ParsedSchedule parsed) {
    switch (Legality.judge(problem)) {
      case Judgement.Legal _ -> {}
      case Judgement.Illegal illegal -> {
        if (illegal.violations().stream()
            .anyMatch(violation -> violation.reason() == Violation.Reason.UNKNOWN_NAME)) {
          Judged.requireLegal(problem, parsed);
        }
      }
    }
  }

  /**
   * Refuses parameters that the schedule does not have.
   *
   * @throws InvalidInputException naming them and what was probably meant
   */
  static void requireParameters(Experiment.Search search, Schedule schedule) {
    var known = new TreeSet<>(schedule.parameters().keySet());
    for (String parameter : search.parameters().keySet()) {
      if (!known.contains(parameter)) {
        throw new InvalidInputException(
            "%s: error: schedule %s has no parameter %s (got %s, expected one of %s)%n%s"
                .formatted(
                    search.entry().schedule().in().name(),
                    schedule.name(),
                    parameter,
                    parameter,
                    known.isEmpty() ? "none" : String.join(", ", known),
                    Spelling.nearest(parameter, known)
                        .map(near -> "    fix: " + near + "\n")
                        .orElse("")));
      }
    }
  }
}
