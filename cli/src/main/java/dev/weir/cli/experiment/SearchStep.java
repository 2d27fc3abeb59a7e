package dev.weir.cli.experiment;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.search.Candidate;
import dev.weir.mapper.search.SearchResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Evaluates a schedule at every combination of the parameters that an experiment names. */
final class SearchStep {

  private final Experiment.Search search;
  private final List<Candidate> legal = new ArrayList<>();
  private final SortedMap<String, Long> excluded = new TreeMap<>();

  private SearchStep(Experiment.Search search) {
    this.search = search;
  }

  /**
   * Looks at all combinations.
   *
   * @param shapes of the ranks that the workload decides
   */
  static SearchResult run(
      Experiment.Search search,
      Cascade cascade,
      Schedule schedule,
      Architecture machine,
      Map<RankName, Long> shapes) {
    SearchStep step = new SearchStep(search);
    List<Map<String, Long>> points = step.points();
    for (int number = 0; number < points.size(); number++) {
      step.look(
          number, Problem.of(cascade, schedule.with(points.get(number)), machine, shapes));
    }
    return step.result(points.size());
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

  /** All combinations; the last parameter changes fastest. */
  private List<Map<String, Long>> points() {
    List<Map<String, Long>> points = List.of(Map.of());
    for (Map.Entry<String, List<Long>> parameter : search.parameters().entrySet()) {
      List<Map<String, Long>> longer = new ArrayList<>();
      for (Map<String, Long> point : points) {
        for (long value : parameter.getValue()) {
          Map<String, Long> next = new TreeMap<>(point);
          next.put(parameter.getKey(), value);
          longer.add(next);
        }
      }
      points = longer;
    }
    return points;
  }

  private void look(int number, Problem problem) {
    switch (Legality.judge(problem)) {
      case Judgement.Legal _ ->
          legal.add(new Candidate(number, problem, CostModel.evaluate(problem)));
      case Judgement.Illegal illegal ->
          excluded.merge(illegal.violations().getFirst().reason().text(), 1L, Math::addExact);
    }
  }

  private SearchResult result(int points) {
    Optional<Candidate> best =
        legal.stream()
            .min(Comparator.comparingDouble(c -> search.objective().of(c.cost())));
    List<Candidate> alternatives =
        legal.stream()
            .filter(candidate -> legal.stream().noneMatch(other -> beats(other, candidate)))
            .sorted(Comparator.comparingLong(c -> c.cost().latencyCycles()))
            .toList();
    return new SearchResult(
        search.objective(), best, alternatives, points, legal.size(), excluded, true);
  }

  /** Better in latency or energy, and worse in neither; the first of equals stays. */
  private static boolean beats(Candidate one, Candidate other) {
    Cost a = one.cost();
    Cost b = other.cost();
    int latency = Long.compare(a.latencyCycles(), b.latencyCycles());
    int energy =
        Double.compare(a.energy().totalPicojoules(), b.energy().totalPicojoules());
    boolean noWorse = latency <= 0 && energy <= 0;
    return noWorse && (latency < 0 || energy < 0 || one.number() < other.number());
  }
}
