package dev.weir.cli;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Idealisation;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.LoopNests;
import dev.weir.reports.parts.UtilisationParts;
import dev.weir.reports.text.TextReport;
import dev.weir.reports.text.TextTable;
import java.util.ArrayList;
import java.util.List;

/** A legal schedule and its cost as people read them; every number with its unit. */
final class ScheduleText {

  static final Source SOURCE = new Source("cost model", "this schedule", List.of());

  private ScheduleText() {}

  /** All there is to know. */
  static String of(Problem problem, Cost cost) {
    Architecture machine = problem.architecture();
    StringBuilder out = new StringBuilder();
    part(out, LoopNests.of("legal: " + problem.schedule().name(), "", problem));
    CostParts.accuracy(cost)
        .ifPresent(words -> out.append("counts are not exact, but ").append(words).append('\n'));
    out.append(TextTable.of(totals(problem, cost))).append('\n');
    String bottleneck = UtilisationParts.bottleneck(machine, cost, SOURCE);
    out.append("bottleneck: ").append(bottleneck).append("\n\n");
    part(out, CostParts.bounds(problem, cost, SOURCE));
    part(out, CostParts.occupancy(machine, cost.counts(), SOURCE));
    part(out, CostParts.traffic(machine, cost.counts(), SOURCE));
    part(out, UtilisationParts.table(machine, cost, SOURCE));
    if (CostParts.hasEnergy(machine)) {
      part(out, CostParts.energy(cost.energy(), SOURCE));
    }
    return out.append(idealisations(machine)).toString();
  }

  private static void part(StringBuilder out, Part part) {
    out.append(TextReport.part(part)).append('\n');
  }

  private static List<List<String>> totals(Problem problem, Cost cost) {
    Architecture machine = problem.architecture();
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("latency", Figure.of(cost.latencyCycles(), Unit.CYCLES, SOURCE)));
    rows.add(row("time", Figure.of(cost.seconds(), Unit.SECONDS, SOURCE)));
    long words = CostParts.offChipWords(machine, cost.counts());
    rows.add(row("off-chip traffic", Figure.of(words, Unit.WORDS, SOURCE)));
    rows.add(
        CostParts.hasEnergy(machine)
            ? row("energy", Figure.of(cost.energy().totalPicojoules(), Unit.PICOJOULES, SOURCE))
            : List.of("energy", "–, no energy figures"));
    return rows;
  }

  private static List<String> row(String name, Figure figure) {
    return List.of(name, TextTable.text(Cell.of(figure)));
  }

  private static String idealisations(Architecture machine) {
    List<Idealisation> all = machine.idealisations();
    if (all.isEmpty()) {
      return "These figures idealise nothing of " + machine.name() + "\n";
    }
    StringBuilder out = new StringBuilder("What these figures take for granted\n");
    all.forEach(one -> out.append(ArchText.item(one)));
    return out.toString();
  }
}
