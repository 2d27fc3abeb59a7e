package dev.weir.cli;

import dev.weir.cli.experiment.ExperimentReader;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.ScheduleReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir check}. */
@Command(
    name = "check",
    description = {
      "Read files and report everything that is wrong with them.",
      "The kind of a file follows from its name: cascades end in .edge, schedules in .schedule,",
      "architectures, devices and experiments in .yaml."
    },
    footer = {
      "",
      "Examples:",
      "  ./weir check configs/cascades/attention_1pass.edge",
      "  ./weir check configs/*/*",
      "",
      "Exit codes: 0 nothing is wrong, 2 something is"
    })
final class CheckCommand extends HelpOption implements Callable<Integer> {

  private static final Pattern EXPERIMENT = Pattern.compile("(?m)^experiment\\s*:");

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files to read.")
  private List<Path> files;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int wrong = 0;
    for (Path file : files) {
      try {
        out.println("ok  " + file + ": " + read(file));
      } catch (InvalidInputException invalid) {
        err.print(invalid.getMessage());
        wrong++;
      }
    }
    if (wrong > 0) {
      err.printf("%d of %d files have errors%n", wrong, files.size());
    }
    return wrong == 0 ? ExitCode.OK : ExitCode.USER_ERROR;
  }

  private static String read(Path file) {
    String name = file.getFileName().toString();
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "edge" -> describe(CascadeReader.readFile(file));
      case "schedule" -> describe(ScheduleReader.readFile(file).schedule());
      case "yaml", "yml" -> readYaml(file);
      default ->
          throw new InvalidInputException(
              file
                  + ": error: unknown kind of file (got ."
                  + ending
                  + ", expected one of .edge, .schedule, .yaml)\n");
    };
  }

  private static String readYaml(Path file) {
    if (EXPERIMENT.matcher(ConfigFile.open(file).text()).find()) {
      var experiment = ExperimentReader.readFile(file);
      return "experiment %s, %d targets".formatted(experiment.name(), experiment.targets().size());
    }
    return describe(ArchitectureReader.readFile(file));
  }

  private static String describe(Cascade cascade) {
    return "cascade %s, %d Einsums".formatted(cascade.name(), cascade.einsums().size());
  }

  private static String describe(Schedule schedule) {
    return "schedule %s for %s".formatted(schedule.name(), schedule.cascade());
  }

  private static String describe(Architecture architecture) {
    return "architecture %s, %d memory levels, %d compute units"
        .formatted(architecture.name(), architecture.levels().size(), architecture.units().size());
  }
}
