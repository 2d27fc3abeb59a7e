package dev.weir.cli;

import dev.weir.cli.experiment.Library;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir schedule}. */
@Command(
    name = "schedule",
    description = {
      "How a cascade runs on a machine: judge it, and see what it costs by the cost model.",
      "What may stand in a file: docs/schedule.md."
    },
    subcommands = {ScheduleCommand.Show.class, ScheduleCommand.Check.class},
    footer = {
      "",
      "Examples:",
      "  ./weir schedule check configs/schedules/fusemax/binding.schedule",
      "  ./weir schedule show configs/schedules/fusemax/binding.schedule \\",
      "      -a configs/architectures/fusemax_cloud.yaml --shape B=64,H=12,P=4K,M=4K",
      "",
      "Exit codes: 0 done, 2 a schedule is illegal, or a file is wrong"
    })
final class ScheduleCommand extends HelpOption implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }

  /** One schedule on one machine, whole. */
  @Command(
      name = "show",
      description = {
        "Show a schedule on a machine, with tile counts, and what it costs.",
        "By the cost model: what limits, occupancy, traffic, utilisation, energy. An illegal",
        "one is refused with every rule that it breaks, at its place in the text."
      },
      footer = {
        "",
        "Examples:",
        "  ./weir schedule show configs/schedules/fusemax/binding.schedule \\",
        "      --cascade configs/cascades/attention_1pass.edge \\",
        "      --architecture configs/architectures/fusemax_cloud.yaml \\",
        "      --shape B=64,H=12,P=4K,M=4K,E=64,F=64 --set P1=8",
        "  ./weir schedule show configs/schedules/gemm_ref16.schedule --format json \\",
        "      -a configs/architectures/ref16.yaml --shape M=1K,N=1K,K=1K",
        "",
        "Exit codes: 0 legal, 2 illegal, or a file is wrong"
      })
  static final class Show extends HelpOption implements Callable<Integer> {

    @Mixin private ProblemOptions options;

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "text or json; ${DEFAULT-VALUE} if left out.")
    private OutputFormat format;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      try {
        Problem problem = options.legalProblem();
        Cost cost = options.cost(problem);
        out.print(
            options.counted(
                () ->
                    switch (format) {
                      case TEXT -> ScheduleText.of(problem, cost);
                      case JSON -> FindingsJson.document(ScheduleJson.of(problem, cost));
                    }));
        return ExitCode.OK;
      } catch (InvalidInputException invalid) {
        if (format == OutputFormat.TEXT) {
          throw invalid;
        }
        out.print(FindingsJson.refusal(invalid, options.schedule().toString()));
        return ExitCode.USER_ERROR;
      }
    }
  }

  /** What is wrong with schedules. */
  @Command(
      name = "check",
      description = {
        "Read schedules and report everything that is wrong with them.",
        "With a machine, and shapes of the ranks that have no default, they are judged too: every",
        "rule that is broken, at its place in the text, and what would be legal."
      },
      footer = {
        "",
        "Examples:",
        "  ./weir schedule check configs/schedules/fusemax/binding.schedule",
        "  ./weir schedule check configs/schedules/fusemax/binding.schedule \\",
        "      -a configs/architectures/fusemax_cloud.yaml --shape B=64,H=12,P=4K,M=4K --set"
            + " P1=128",
        "",
        "Exit codes: 0 nothing is wrong, 2 something is"
      })
  static final class Check extends HelpOption implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Schedules, *.schedule.")
    private List<Path> files;

    @Option(
        names = {"-a", "--architecture"},
        paramLabel = "NAME|FILE",
        description =
            "The architecture or device on which they are judged: the name of one that"
                + " ./weir arch list has, or a *.yaml.")
    private Optional<String> architecture = Optional.empty();

    @Mixin private SettingOptions settings;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      if (architecture.isEmpty() && settings.isGiven()) {
        throw new InvalidInputException(
            "error: a schedule is judged on a machine (got none, expected --architecture"
                + " NAME|FILE)\n"
                + "    fix: leave out --cascade, --shape and --set to check only what is"
                + " written\n");
      }
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      List<InvalidInputException> refusals = new ArrayList<>();
      for (Path file : files) {
        try {
          out.println("ok  " + file + ": " + checked(file));
        } catch (InvalidInputException invalid) {
          refusals.add(invalid);
        }
      }
      refusals.stream()
          .filter(refusal -> refusal.diagnostics().isEmpty())
          .map(refusal -> refusal.getMessage().stripTrailing() + "\n")
          .distinct()
          .forEach(err::print);
      refusals.stream()
          .flatMap(refusal -> refusal.diagnostics().stream())
          .distinct()
          .sorted(Diagnostic.BY_PLACE)
          .forEach(finding -> err.print(finding.render()));
      return refusals.isEmpty() ? ExitCode.OK : ExitCode.USER_ERROR;
    }

    private String checked(Path file) {
      Library library = new Library();
      ParsedSchedule parsed = library.schedule(file);
      String read = CheckCommand.describe(parsed.schedule());
      if (architecture.isEmpty()) {
        return read + ", not judged without a machine";
      }
      String command = "schedule check " + file;
      Path cascade = settings.cascade(parsed, file, command);
      Path machine = ShippedFiles.MACHINES.find(architecture.get(), command + " … -a");
      Problem problem =
          settings.legalProblem(new FittingMachines(parsed, false), cascade, machine, library);
      return "%s, legal on %s%s"
          .formatted(
              read,
              problem.architecture().name(),
              settings.looksUpCascade() ? ", with " + cascade : "");
    }
  }
}
