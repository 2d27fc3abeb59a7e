package dev.weir.cli;

import dev.weir.cli.experiment.Experiment;
import dev.weir.cli.experiment.ExperimentJudge;
import dev.weir.cli.experiment.ExperimentReader;
import dev.weir.cli.experiment.ExperimentRunner;
import dev.weir.cli.experiment.Library;
import dev.weir.cli.experiment.Progress;
import dev.weir.cli.experiment.ResultFolder;
import dev.weir.reports.data.JsonReport;
import dev.weir.reports.html.HtmlReport;
import dev.weir.reports.model.Report;
import dev.weir.reports.text.TextReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir run}. */
@Command(
    name = "run",
    description = {
      "Do all that an experiment file asks for, and write a report.",
      "Prints a summary; progress goes to the error stream. Without an OpenCL device everything"
          + " else",
      "is done, and the kernel is reported as NOT RUN."
    },
    footer = {
      "",
      "Examples:",
      "  ./weir run configs/experiments/quickstart.yaml",
      "  ./weir run my.yaml --output /tmp/mine",
      "",
      "Exit codes: 0 every check passed, 1 a check failed, 2 the experiment or a file it names is",
      "            wrong, 3 a part was not run (no OpenCL device, or Weir cannot simulate it) or no"
          + " room",
      "            for results, 130 interrupted"
    })
final class RunCommand extends HelpOption implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "An experiment, *.yaml.")
  private Path file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      description = "Where results go; runs/NAME if left out.")
  private Optional<Path> output = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = new Progress(err, System::nanoTime);
    Experiment experiment = ExperimentReader.readFile(file);
    progress.say("reading and judging what " + file + " names");
    Library library = new Library();
    ExperimentJudge.judge(experiment, library);
    Path wanted = output.orElseGet(() -> Path.of("runs", experiment.name()));
    try (ResultFolder folder = ResultFolder.at(wanted, experiment.name());
        Interruption _ = Interruption.announcedOn(err, folder)) {
      ExperimentRunner.Result result =
          ExperimentRunner.run(experiment, library, command(), RunFacts.now(), progress);
      Report report = result.report();
      progress.say("writing the report");
      folder.write(files(result));
      out.print(TextReport.summary(report));
      out.println();
      out.println("report  " + folder.path().resolve("report.html").toAbsolutePath().normalize());
      return exitCode(report);
    }
  }

  private String command() {
    return "./weir run " + file + output.map(folder -> " --output " + folder).orElse("");
  }

  private static Map<String, String> files(ExperimentRunner.Result result) {
    Map<String, String> files = new LinkedHashMap<>(result.files());
    files.put("report.json", JsonReport.render(result.report()));
    files.put("report.html", HtmlReport.render(result.report()));
    return files;
  }

  private static int exitCode(Report report) {
    return switch (report.outcome()) {
      case PASSED -> ExitCode.OK;
      case FAILED -> ExitCode.CHECK_FAILED;
      case NOT_RUN -> ExitCode.ENVIRONMENT;
    };
  }
}
