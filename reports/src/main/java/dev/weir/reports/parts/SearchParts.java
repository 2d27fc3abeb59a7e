package dev.weir.reports.parts;

import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.search.Candidate;
import dev.weir.mapper.search.Objective;
import dev.weir.mapper.search.SearchResult;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a search found. */
public final class SearchParts {

  private SearchParts() {}

  /** The best point and those that trade latency for energy, fastest first. */
  public static Part.Table alternatives(SearchResult result, Source source) {
    List<Candidate> shown = new ArrayList<>(result.alternatives());
    result.best().filter(best -> !shown.contains(best)).ifPresent(shown::add);
    shown.sort(Comparator.comparingLong(candidate -> candidate.cost().latencyCycles()));
    List<List<Cell>> rows =
        shown.stream().map(candidate -> row(candidate, result, source)).toList();
    return new Part.Table(
        "Search over tile sizes",
        explanation(result, shown),
        List.of("parameters", "latency", "energy", "off-chip traffic", ""),
        rows);
  }

  private static String explanation(SearchResult result, List<Candidate> shown) {
    boolean hasEnergy =
        shown.stream().allMatch(c -> CostParts.hasEnergy(c.problem().architecture()));
    String remarks =
        shown.isEmpty()
            ? ""
            : CostParts.remarks(shown.getFirst().problem().architecture(), shown.getFirst().cost());
    return (hasEnergy
            ? "Schedules that no other beats in both latency and energy."
            : "Schedules that no other beats in latency.")
        + " The one with the least "
        + objective(result.objective())
        + " is chosen, "
        + result.proof()
        + "."
        + remarks;
  }

  private static List<Cell> row(Candidate candidate, SearchResult result, Source source) {
    return List.of(
        Cell.of(parameters(candidate.problem().schedule())),
        Cell.of(Figure.of(candidate.cost().latencyCycles(), Unit.CYCLES, source)),
        CostParts.energy(candidate.problem().architecture(), candidate.cost().energy(), source),
        Cell.of(
            Figure.of(
                CostParts.offChipWords(
                    candidate.problem().architecture(), candidate.cost().counts()),
                Unit.WORDS,
                source)),
        Cell.of(result.best().filter(candidate::equals).isPresent() ? "chosen" : ""));
  }

  private static String objective(Objective objective) {
    return objective.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The size of the space and what became of its points. */
  public static Part.Table space(SearchResult result, Source source) {
    List<List<Cell>> rows = new ArrayList<>();
    rows.add(row("points of the space", result.spaceSize(), source));
    rows.add(row("evaluated", result.evaluated(), source));
    result
        .prunedByReason()
        .forEach((reason, count) -> rows.add(row("excluded: " + reason, count, source)));
    return new Part.Table("What the search looked at", "", List.of("points", "count"), rows);
  }

  private static List<Cell> row(String name, long count, Source source) {
    return List.of(Cell.of(name), Cell.of(Figure.of(count, Unit.SCHEDULES, source)));
  }

  /** The parameters of a schedule, {@code P1 = 16, P2 = 4}. */
  public static String parameters(Schedule schedule) {
    return new TreeMap<>(schedule.parameters())
        .entrySet().stream()
            .map(entry -> entry.getKey() + " = " + entry.getValue())
            .collect(Collectors.joining(", "));
  }
}
