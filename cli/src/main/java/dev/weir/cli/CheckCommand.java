package dev.weir.cli;

import dev.weir.cli.experiment.Experiment;
import dev.weir.cli.experiment.ExperimentJudge;
import dev.weir.cli.experiment.ExperimentReader;
import dev.weir.cli.experiment.InputKind;
import dev.weir.cli.experiment.Library;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.schedule.Schedule;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
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
      "architectures, devices and experiments in .yaml, JSON schemas in .json.",
      "Of an experiment all files that it names are read and all its schedules judged."
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
    Library library = new Library();
    return switch (InputKind.of(file)) {
      case CASCADE -> describe(library.cascade(file));
      case SCHEDULE -> describe(library.schedule(file).schedule());
      case MACHINE -> describe(library.architecture(file));
      case EXPERIMENT -> describe(judged(file, library));
      case SCHEMA -> "JSON schema " + SchemaFile.title(file);
    };
  }

  /** Everything but the work, so that {@code run} finds nothing that this does not. */
  private static Experiment judged(Path file, Library library) {
    Experiment experiment = ExperimentReader.readFile(file);
    ExperimentJudge.judge(experiment, library);
    return experiment;
  }

  private static String describe(Experiment experiment) {
    return "experiment %s, %d targets".formatted(experiment.name(), experiment.targets().size());
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
