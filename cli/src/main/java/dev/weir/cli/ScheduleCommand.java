package dev.weir.cli;

import dev.weir.mapper.model.Cost;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.LoopNests;
import dev.weir.reports.text.TextReport;
import dev.weir.reports.text.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir schedule}. */
@Command(
    name = "schedule",
    description = {
      "Judge a schedule on a machine, and say what it costs by the cost model.",
      "An illegal one is refused with the rule that it breaks, at its place in the text."
    },
    footer = {
      "",
      "Example:",
      "  ./weir schedule configs/schedules/fusemax_binding.schedule \\",
      "      --cascade configs/cascades/attention_1pass.edge \\",
      "      --architecture configs/architectures/fusemax_cloud.yaml \\",
      "      --shape B=64,H=12,P=4K,M=4K,E=64,F=64 --set P1=8",
      "",
      "Exit codes: 0 legal, 2 illegal, or a file is wrong"
    })
final class ScheduleCommand extends HelpOption implements Callable<Integer> {

  static final String UPPER_BOUND = "upper bound: conditions are counted as always true";

  private static final Source SOURCE = new Source("cost model", "this schedule", List.of());

  @Mixin private ProblemOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Problem problem = options.legalProblem();
    Cost cost = options.cost(problem);
    List<List<String>> totals = options.counted(() -> totals(problem, cost));
    out.print(TextReport.part(LoopNests.of("legal: " + problem.schedule().name(), "", problem)));
    out.println();
    if (cost.denseUpperBound()) {
      out.println("latency, energy and traffic are each an " + UPPER_BOUND);
    }
    out.print(TextTable.of(totals));
    out.println();
    out.print(TextReport.part(CostParts.bounds(problem, cost, SOURCE)));
    out.println();
    out.print(TextReport.part(CostParts.occupancy(problem.architecture(), cost.counts(), SOURCE)));
    out.println();
    out.print(TextReport.part(CostParts.traffic(problem.architecture(), cost.counts(), SOURCE)));
    return ExitCode.OK;
  }

  private static List<List<String>> totals(Problem problem, Cost cost) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("latency", Figure.of(cost.latencyCycles(), Unit.CYCLES, SOURCE)));
    rows.add(row("time", Figure.of(cost.seconds(), Unit.SECONDS, SOURCE)));
    new TreeMap<>(cost.utilisation())
        .forEach(
            (unit, share) ->
                rows.add(row("utilisation of " + unit, Figure.of(share, Unit.RATIO, SOURCE))));
    long words = CostParts.offChipWords(problem.architecture(), cost.counts());
    rows.add(row("off-chip traffic", Figure.of(words, Unit.WORDS, SOURCE)));
    double picojoules = cost.energy().totalPicojoules();
    rows.add(
        picojoules > 0
            ? row("energy", Figure.of(picojoules, Unit.PICOJOULES, SOURCE))
            : List.of("energy", "–, no energy figures"));
    return rows;
  }

  private static List<String> row(String name, Figure figure) {
    return List.of(name, TextTable.text(Cell.of(figure)));
  }
}
