package dev.weir.cli.experiment;

import dev.weir.mapper.model.Cost;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.SearchParts;
import java.util.TreeMap;

/** What the cost model says of the chosen schedule, for a first look. */
final class TargetCards {

  private final SectionBuilder section;

  TargetCards(SectionBuilder section) {
    this.section = section;
  }

  void add(Problem problem, Cost cost, Source source) {
    section.card(
        "latency, cost model",
        Figure.of(cost.latencyCycles(), Unit.CYCLES, source),
        Figure.of(cost.seconds(), Unit.SECONDS, source).text()
            + " at the clock of "
            + problem.architecture().name());
    new TreeMap<>(cost.utilisation())
        .forEach(
            (unit, utilisation) ->
                section.card(
                    "utilisation of " + unit,
                    Figure.of(utilisation, Unit.RATIO, source),
                    "by the cost model"));
    section.card(
        "off-chip traffic",
        Figure.of(
            CostParts.offChipWords(problem.architecture(), cost.counts()), Unit.WORDS, source),
        "words of " + problem.architecture().wordBits() + " bits");
    if (cost.energy().totalPicojoules() > 0) {
      section.card(
          "energy",
          Figure.of(cost.energy().totalPicojoules(), Unit.PICOJOULES, source),
          "without leakage");
    }
    String parameters = SearchParts.parameters(problem.schedule());
    if (!parameters.isEmpty()) {
      section.card("parameters", Cell.of(parameters), "of " + problem.schedule().name());
    }
  }
}
