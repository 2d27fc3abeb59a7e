package dev.weir.cli.experiment;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.model.Cost;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.CostParts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The schedules of a target side by side. */
final class ScheduleTable {

  private static final List<String> HEADINGS =
      List.of(
          "name",
          "cascade",
          "schedule",
          "legality",
          "latency",
          "time",
          "off-chip traffic",
          "energy");

  private ScheduleTable() {}

  static Part.Table of(Architecture machine, List<Tried> schedules) {
    List<List<Cell>> rows = schedules.stream().map(one -> row(machine, one)).toList();
    String bounds =
        schedules.stream()
            .filter(Tried.Costed.class::isInstance)
            .map(Tried.Costed.class::cast)
            .filter(one -> !one.cost().accuracy().isExact())
            .map(
                one ->
                    " Of %s: %s."
                        .formatted(one.entry().name(), CostParts.accuracyAfter("", one.cost())))
            .collect(Collectors.joining());
    return new Part.Table(
        "Schedules",
        "As they stand in their files, by the cost model."
            + (CostParts.hasEnergy(machine)
                ? ""
                : " No energy figures: machine " + machine.name() + " gives none.")
            + bounds,
        HEADINGS,
        rows);
  }

  private static List<Cell> row(Architecture machine, Tried tried) {
    List<Cell> row = new ArrayList<>();
    row.add(Cell.of(tried.entry().name()));
    row.add(Cell.of(tried.problem().cascade().name()));
    row.add(Cell.of(tried.problem().schedule().name()));
    switch (tried) {
      case Tried.Costed costed -> {
        row.add(Cell.of("legal"));
        row.addAll(figures(machine, costed.cost(), costed.source()));
      }
      case Tried.Illegal illegal -> {
        row.add(
            Cell.of("illegal before the search: " + illegal.violations().getFirst().sentence()));
        while (row.size() < HEADINGS.size()) {
          row.add(Cell.of("–"));
        }
      }
    }
    return row;
  }

  private static List<Cell> figures(Architecture machine, Cost cost, Source source) {
    return List.of(
        Cell.of(Figure.of(cost.latencyCycles(), Unit.CYCLES, source)),
        Cell.of(Figure.of(cost.seconds(), Unit.SECONDS, source)),
        Cell.of(Figure.of(CostParts.offChipWords(machine, cost.counts()), Unit.WORDS, source)),
        CostParts.energy(machine, cost.energy(), source));
  }
}
