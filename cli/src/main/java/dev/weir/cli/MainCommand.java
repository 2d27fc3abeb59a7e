package dev.weir.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The verbs. */
@Command(
    name = "weir",
    description = {
      "Maps cascades of extended Einsums onto hardware: passes, schedules, cost, cycles, kernels."
    },
    synopsisHeading = "Usage: ./",
    synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs:%n",
    optionListHeading = "%nOptions:%n",
    mixinStandardHelpOptions = false,
    subcommands = {
      RunCommand.class,
      ReproduceCommand.class,
      CheckCommand.class,
      FormatCommand.class,
      AnalyzeCommand.class,
      ZooCommand.class,
      ArchCommand.class,
      ScheduleCommand.class,
      SimulateCommand.class,
      KernelCommand.class,
      ValidateCommand.class,
      DoctorCommand.class,
      LauncherCommands.Verify.class,
      LauncherCommands.FormatCode.class
    },
    footer = {
      "",
      "Begin with:  ./weir run configs/experiments/quickstart.yaml",
      "Then:        ./weir VERB --help, which shows examples of each verb",
      "",
      "Exit codes: 0 all is well, 1 a check failed, 2 something that was given is wrong,",
      "            3 this machine lacks something, 130 interrupted"
    })
final class MainCommand extends HelpOption implements Callable<Integer> {

  @Option(
      names = {"-V", "--version"},
      description = "Show the version of Weir.")
  private boolean version;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (version) {
      spec.commandLine().getOut().println("weir " + RunFacts.version());
    } else {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
    return ExitCode.OK;
  }
}
