package dev.weir.cli;

import dev.weir.cli.experiment.Library;
import dev.weir.cli.experiment.Progress;
import dev.weir.cli.experiment.ResultFolder;
import dev.weir.cli.reproduction.Comparison;
import dev.weir.cli.reproduction.Reproduction;
import dev.weir.cli.reproduction.ReproductionReader;
import dev.weir.cli.reproduction.ReproductionReport;
import dev.weir.cli.reproduction.ReproductionRunner;
import dev.weir.cli.reproduction.StudyResult;
import dev.weir.cli.reproduction.StudyRunner;
import dev.weir.reports.data.JsonReport;
import dev.weir.reports.html.HtmlReport;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Provenance;
import dev.weir.reports.model.Report;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir reproduce}. */
@Command(
    name = "reproduce",
    description = {
      "Compare published figures with those of the cost model and the simulator.",
      "Prints a summary and writes all figures, as a report and as a table."
    },
    footer = {
      "",
      "Examples:",
      "  ./weir reproduce fusemax",
      "  ./weir reproduce fusemax-cycles",
      "  ./weir reproduce scalesim",
      "  ./weir reproduce configs/reproductions/fusemax.yaml --output /tmp/mine",
      "",
      "Exit codes: 0 all figures are within their bounds, 1 one is not, 2 a file is wrong,",
      "            3 no room for results, 130 interrupted"
    })
final class ReproduceCommand extends HelpOption implements Callable<Integer> {

  @Parameters(
      paramLabel = "NAME|FILE",
      description = "One that comes with Weir, such as fusemax, or a *.yaml.")
  private String wanted;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      description = "Where results go; runs/reproduction-NAME if left out.")
  private Optional<Path> output = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = new Progress(err, System::nanoTime);
    Reproduction reproduction =
        ReproductionReader.readFile(ShippedFiles.REPRODUCTIONS.find(wanted, "reproduce"));
    Library library = new Library();
    library.inputs().of(reproduction.file());
    String name = "reproduction-" + reproduction.name();
    try (ResultFolder folder =
            ResultFolder.at(output.orElseGet(() -> Path.of("runs", name)), reproduction.name());
        Interruption _ = Interruption.announcedOn(err, folder)) {
      progress.say("evaluating " + extent(reproduction) + " of " + reproduction.name());
      List<Comparison> comparisons = ReproductionRunner.run(reproduction, library);
      List<StudyResult> studies = StudyRunner.run(reproduction, library);
      ReproductionReport results =
          new ReproductionReport(reproduction, comparisons, studies, library);
      progress.say("writing the report");
      Report report = report(results, library);
      folder.write(files(results, report));
      out.print(results.summary());
      out.println("report  " + folder.path().resolve("report.html").toAbsolutePath().normalize());
      return report.outcome() == Outcome.PASSED ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
  }

  private Report report(ReproductionReport results, Library library) {
    String command =
        "./weir reproduce " + wanted + output.map(folder -> " --output " + folder).orElse("");
    return results.report(new Provenance(command, RunFacts.now(), library.inputs().all()));
  }

  private static String extent(Reproduction reproduction) {
    return Stream.of(
            counted(reproduction.designs().size(), "design"),
            counted(reproduction.studies().size(), "further table"))
        .filter(part -> !part.startsWith("0 "))
        .collect(Collectors.joining(" and "));
  }

  private static String counted(int amount, String what) {
    return amount + " " + what + (amount == 1 ? "" : "s");
  }

  private static Map<String, String> files(ReproductionReport results, Report report) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("figures.csv", results.csv());
    files.put("studies.csv", results.studiesCsv());
    files.put("report.json", JsonReport.render(report));
    files.put("report.html", HtmlReport.render(report));
    return files;
  }
}
