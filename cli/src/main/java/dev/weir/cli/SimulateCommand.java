package dev.weir.cli;

import dev.weir.cli.experiment.Progress;
import dev.weir.cli.experiment.ShapeText;
import dev.weir.cli.experiment.SimulationProgress;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.Roofline;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.parts.BoundParts;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.EpochParts;
import dev.weir.reports.parts.ProfileParts;
import dev.weir.reports.parts.SimulationParts;
import dev.weir.reports.parts.TimelineParts;
import dev.weir.reports.text.TextReport;
import dev.weir.simulator.engine.DeadlockException;
import dev.weir.simulator.engine.InterruptedSimulationException;
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import dev.weir.simulator.stats.PartialResult;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.Timeline;
import dev.weir.simulator.trace.TraceWindows;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
      "Ctrl-C ends a run and shows what is known of it so far.",
      "",
      "Exit codes: 0 done, 2 the schedule is illegal, waits for itself or a file is wrong,",
      "            3 the trace cannot be written, 130 interrupted"
    })
final class SimulateCommand extends HelpOption implements Callable<Integer> {

  private static final Source SOURCE = new Source("simulator", "this schedule", List.of());

  /** Some hundred epochs of FuseMax, and a file of some megabytes. */
  private static final String WINDOW_CYCLES = "20000";

  @Mixin private ProblemOptions options;

  @Option(
      names = "--timeline",
      description = "Also list what ran when, and how the run went over time.")
  private boolean timeline;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Also write what ran when as a Perfetto trace; https://ui.perfetto.dev opens it.")
  private Optional<Path> trace = Optional.empty();

  @Option(
      names = "--trace-window",
      paramLabel = "CYCLES",
      description =
          "How many cycles --trace records at the beginning, in the middle and at the end, and all"
              + " of a run that is not longer, as 4096 or 20K; ${DEFAULT-VALUE} if left out."
              + " --timeline lists the first of each.")
  private String traceWindow = WINDOW_CYCLES;

  @Option(
      names = "--no-skip",
      description = "Execute every cycle, also those of steady states. The result is the same.")
  private boolean executesAll;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    long windowCycles = windowCycles();
    TraceFile file = new TraceFile(trace);
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
    SimulationProgress said =
        new SimulationProgress(progress::elapsedSeconds, progress::say, cost.latencyCycles());
    SimulationOptions wanted =
        new SimulationOptions(windows(cost, windowCycles), !executesAll, said::reached);
    try (Interruption _ = Interruption.ofSimulation(err)) {
      Timeline recorded = simulated(problem, cost, wanted, said, out);
      file.write(problem, recorded).ifPresent(progress::say);
    }
    return ExitCode.OK;
  }

  /** Also of a run that is interrupted: whoever waited for hours learns what there is to learn. */
  private Timeline simulated(
      Problem problem,
      Cost cost,
      SimulationOptions wanted,
      SimulationProgress said,
      PrintWriter out) {
    try {
      SimulationResult result = options.counted(() -> Simulator.simulate(problem, wanted));
      said.finished(result.cycles());
      print(result, problem, cost, out);
      return result.timeline();
    } catch (DeadlockException deadlock) {
      throw options.waitsForItself(deadlock);
    } catch (InterruptedSimulationException interrupted) {
      print(interrupted.soFar(), cost, out);
      return interrupted.soFar().timeline();
    }
  }

  private long windowCycles() {
    return ShapeText.elements(traceWindow)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--trace-window is no number of cycles (got %s, expected one such as 4096 or 20K)"
                        .formatted(traceWindow)));
  }

  private Optional<TraceWindows> windows(Cost cost, long windowCycles) {
    if (!timeline && trace.isEmpty()) {
      return Optional.empty();
    }
    long least = cost.accuracy().isExact() ? cost.latencyCycles() : 0;
    return Optional.of(
        new TraceWindows(windowCycles, cost.latencyCycles(), least, TraceWindows.MOST_SEGMENTS));
  }

  private void print(SimulationResult result, Problem problem, Cost cost, PrintWriter out) {
    out.print(latency(result, cost));
    Roofline roofline = Roofline.of(problem, result.counts());
    print(SimulationParts.cycles(result, SOURCE), out);
    print(BoundParts.bounds(roofline, cost, result, SOURCE), out);
    print(BoundParts.difference(roofline, result, SOURCE), out);
    print(SimulationParts.statistics(result, SOURCE), out);
    if (timeline) {
      EpochParts.of(result, SOURCE).forEach(part -> print(part, out));
      TimelineParts.of(result, SOURCE).forEach(part -> print(part, out));
      ProfileParts.of(result, SOURCE).ifPresent(part -> print(part, out));
    }
  }

  private static void print(PartialResult soFar, Cost cost, PrintWriter out) {
    out.printf(
        "interrupted in cycle %,d; the cost model says %,d for the whole run. So far:%n",
        soFar.cycles(), cost.latencyCycles());
    print(SimulationParts.cycles(soFar, SOURCE), out);
    print(SimulationParts.counts(soFar, SOURCE), out);
    out.flush();
  }

  private static void print(Part part, PrintWriter out) {
    out.println();
    out.print(TextReport.part(part));
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
