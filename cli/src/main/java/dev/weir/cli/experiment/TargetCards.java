package dev.weir.cli.experiment;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.SearchParts;
import java.util.List;
import java.util.TreeMap;

/** What the cost model says of the chosen schedule, for a first look. */
final class TargetCards {

  private final SectionBuilder section;

  TargetCards(SectionBuilder section) {
    this.section = section;
  }

  void add(Tried.Costed chosen) {
    Problem problem = chosen.problem();
    Cost cost = chosen.cost();
    Source source = chosen.source();
    Architecture machine = problem.architecture();
    String bound = CostParts.accuracyAfter("; ", cost);
    section.card(
        "latency, cost model",
        Cell.of(Figure.of(cost.latencyCycles(), Unit.CYCLES, source)),
        List.of(
            Cell.of(Figure.of(cost.seconds(), Unit.SECONDS, source)),
            Cell.of("on " + machine.name() + " as its file describes it" + bound)));
    new TreeMap<>(cost.utilisation())
        .forEach(
            (unit, utilisation) ->
                section.card(
                    "utilisation of " + unit,
                    Figure.of(utilisation, Unit.RATIO, source),
                    "by the cost model" + bound));
    section.card(
        "off-chip traffic",
        Figure.of(CostParts.offChipWords(machine, cost.counts()), Unit.WORDS, source),
        "words of " + machine.wordBits() + " bits" + bound);
    if (CostParts.hasEnergy(machine)) {
      section.card(
          "energy",
          Figure.of(cost.energy().totalPicojoules(), Unit.PICOJOULES, source),
          "without leakage" + bound);
    }
    String parameters = SearchParts.parameters(problem.schedule());
    if (!parameters.isEmpty()) {
      section.card("parameters", Cell.of(parameters), "of " + problem.schedule().name());
    }
  }

  /** How many times as long another schedule of the experiment takes. */
  void speedUp(Tried.Costed other, Tried.Costed chosen) {
    section.card(
        "speed-up",
        Figure.of(
            (double) other.cost().latencyCycles() / chosen.cost().latencyCycles(),
            Unit.TIMES,
            Sources.quotient(other.source(), chosen.source())),
        "latency of %s ÷ latency of %s, both by the cost model on %s; no published baseline"
            .formatted(
                other.entry().name(),
                chosen.entry().name(),
                chosen.problem().architecture().name()));
  }
}
