package dev.weir.cli.experiment;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.search.Progress;
import dev.weir.mapper.search.SearchResult;
import dev.weir.mapper.search.SearchSpace;
import dev.weir.mapper.search.Template;
import dev.weir.mapper.search.TileSearch;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Searches the parameters that an experiment names. */
final class SearchStep {

  private SearchStep() {}

  /**
   * Looks at all combinations.
   *
   * @param problem the schedule with the values of its file
   * @param workload shapes of the ranks that are no part of another
   */
  static SearchResult run(Experiment.Search search, Problem problem, Map<RankName, Long> workload) {
    Template template = new Template(problem.cascade(), problem.schedule(), search.parameters());
    SearchSpace space = new SearchSpace(List.of(template), problem.architecture(), workload);
    return TileSearch.run(space, search.objective(), Progress.NONE);
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
