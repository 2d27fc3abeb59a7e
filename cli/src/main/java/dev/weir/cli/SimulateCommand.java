package dev.weir.cli;

import dev.weir.cli.experiment.Progress;
import dev.weir.cli.experiment.SimulationProgress;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Source;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.SimulationParts;
import dev.weir.reports.text.TextReport;
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import dev.weir.simulator.stats.SimulationResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir simulate}. */
@Command(
    name = "simulate",
    description = "Run a schedule cycle by cycle, and say where the cycles of every unit went.",
    footer = {
      "",
      "Example:",
      "  ./weir simulate configs/schedules/fusemax/binding.schedule \\",
      "      --cascade configs/cascades/attention_1pass.edge \\",
      "      --architecture configs/architectures/fusemax_cloud.yaml \\",
      "      --shape B=1,H=1,P=4K,M=4K,E=64,F=64",
      "",
      "Exit codes: 0 done, 2 the schedule is illegal or a file is wrong, 130 interrupted"
    })
final class SimulateCommand extends HelpOption implements Callable<Integer> {

  private static final Source SOURCE = new Source("simulator", "this schedule", List.of());

  private static final int SEGMENTS = 200;

  @Mixin private ProblemOptions options;

  @Option(names = "--timeline", description = "Also list what ran when, at the beginning.")
  private boolean timeline;

  @Option(
      names = "--no-skip",
      description = "Execute every cycle, also those of steady states. The result is the same.")
  private boolean executesAll;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = new Progress(err, System::nanoTime);
    Problem problem = options.legalProblem();
    Simulator.refusal(problem)
        .ifPresent(
            reason -> {
              throw options.notSimulated(problem, reason);
            });
    Cost cost = options.cost(problem);
    progress.say(
        "simulating; %s %,d cycles"
            .formatted(cost.accuracy().isExact() ? "at least" : "at most", cost.latencyCycles()));
    SimulationProgress said = new SimulationProgress(progress, cost.latencyCycles());
    SimulationOptions wanted = new SimulationOptions(timeline ? SEGMENTS : 0, said::reached);
    SimulationResult result;
    try (Interruption _ = Interruption.announcedOn(err)) {
      result =
          options.counted(
              () -> Simulator.simulate(problem, executesAll ? wanted.withoutSkipping() : wanted));
    }
    out.print(latency(result, cost));
    out.println();
    out.print(TextReport.part(SimulationParts.cycles(result, SOURCE)));
    out.println();
    out.print(TextReport.part(SimulationParts.statistics(result, SOURCE)));
    if (timeline) {
      SimulationParts.timelines(result, SOURCE)
          .forEach(part -> out.print("\n" + TextReport.part(part)));
    }
    return ExitCode.OK;
  }

  /** A cost that is not that of every run is no lower bound of this one. */
  private static String latency(SimulationResult result, Cost cost) {
    return CostParts.accuracy(cost).isPresent()
        ? "%,d cycles; the cost model says %,d: %s%n"
            .formatted(result.cycles(), cost.latencyCycles(), CostParts.accuracyAfter("", cost))
        : "%,d cycles, %,d cycles more than the cost model's lower bound%n"
            .formatted(result.cycles(), result.cycles() - cost.latencyCycles());
  }
}
