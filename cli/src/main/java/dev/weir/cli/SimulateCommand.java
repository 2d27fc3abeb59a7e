package dev.weir.cli;

import dev.weir.cli.experiment.Progress;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Source;
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
      "  ./weir simulate configs/schedules/fusemax_binding.schedule \\",
      "      --cascade configs/cascades/attention_1pass.edge \\",
      "      --architecture configs/architectures/fusemax_cloud.yaml \\",
      "      --shape B=1,H=1,P=4K,M=4K,E=64,F=64",
      "",
      "Exit codes: 0 done, 2 the schedule is illegal or a file is wrong"
    })
final class SimulateCommand extends HelpOption implements Callable<Integer> {

  private static final Source SOURCE = new Source("simulator", "this schedule", List.of());

  @Mixin private ProblemOptions options;

  @Option(names = "--timeline", description = "Also list what ran when, at the beginning.")
  private boolean timeline;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Progress progress = new Progress(spec.commandLine().getErr(), System::nanoTime);
    Problem problem = options.legalProblem();
    Cost cost = CostModel.evaluate(problem);
    progress.say("simulating; at least %,d cycles".formatted(cost.latencyCycles()));
    SimulationResult result =
        Simulator.simulate(problem, new SimulationOptions(timeline ? 200 : 0, _ -> {}));
    out.printf(
        "%,d cycles, %,d cycles more than the cost model's lower bound%n%n",
        result.cycles(), result.cycles() - cost.latencyCycles());
    out.print(TextReport.part(SimulationParts.cycles(result, SOURCE)));
    out.println();
    out.print(TextReport.part(SimulationParts.statistics(result, SOURCE)));
    if (timeline) {
      SimulationParts.timelines(result, SOURCE)
          .forEach(part -> out.print("\n" + TextReport.part(part)));
    }
    return ExitCode.OK;
  }
}
