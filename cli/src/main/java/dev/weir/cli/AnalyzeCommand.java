package dev.weir.cli;

import dev.weir.cli.analysis.Analysis;
import dev.weir.cli.analysis.AnalysisJson;
import dev.weir.cli.analysis.AnalysisReport;
import dev.weir.cli.analysis.AnalysisText;
import dev.weir.cli.experiment.EnvironmentException;
import dev.weir.cli.experiment.Library;
import dev.weir.cli.experiment.Overflow;
import dev.weir.cli.experiment.Problems;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.reports.html.HtmlReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir analyze}. */
@Command(
    name = "analyze",
    aliases = "analyse",
    description = {
      "How often a cascade must sweep over each rank, and which Einsums force that.",
      "Also what lives between sweeps, and its place in FuseMax's taxonomy. With shapes of all"
          + " ranks",
      "also its operations, the words that must come and go, and its arithmetic intensity."
    },
    footer = {
      "",
      "Examples:",
      "  ./weir analyze configs/cascades/attention_3pass.edge",
      "  ./weir analyze configs/cascades/attention_3pass.edge --shape B=1,H=12,P=64K,M=64K --buffer"
          + " 64KiB",
      "  ./weir analyze configs/cascades/attention_1pass.edge --report /tmp/attention.html",
      "",
      "Exit codes: 0 done, 2 the cascade or an option is wrong, 3 the report cannot be written"
    })
final class AnalyzeCommand extends HelpOption implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "A cascade, *.edge.")
  private Path file;

  @Mixin private ShapesOption shapes;

  @Mixin private MemoryOptions memory;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json; ${DEFAULT-VALUE} if left out.")
  private OutputFormat format;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also write a page with a picture of the cascade, *.html.")
  private Optional<Path> report = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      report.ifPresent(AnalyzeCommand::requirePage);
      Library library = new Library();
      Analysis analysis = analysis(library.cascade(file));
      report.ifPresent(path -> write(path, analysis, library));
      out.print(counted(analysis, () -> text(analysis)));
      return ExitCode.OK;
    } catch (InvalidInputException invalid) {
      if (format == OutputFormat.TEXT) {
        throw invalid;
      }
      out.print(FindingsJson.refusal(invalid, file.toString()));
      return ExitCode.USER_ERROR;
    }
  }

  private String text(Analysis analysis) {
    return switch (format) {
      case TEXT -> AnalysisText.of(analysis);
      case JSON -> FindingsJson.document(AnalysisJson.of(analysis));
    };
  }

  /** Some numbers, such as bytes, are made only where they are shown. */
  private static String counted(Analysis analysis, Supplier<String> shown) {
    return analysis
        .counts()
        .map(counts -> Overflow.refused(counts.workload(), "--shape", shown))
        .orElseGet(shown);
  }

  private Analysis analysis(Cascade cascade) {
    Map<RankName, Long> given = shapes.byRank();
    int wordBytes = memory.wordBytes();
    Optional<Long> bufferBytes = memory.bufferBytes();
    Map<RankName, Long> whole = new TreeMap<>(given);
    // A schedule chooses tiles; without one an analysis may be asked about any.
    cascade.partitions().forEach(split -> whole.remove(split.inner()));
    Problems.refuseUnknown(List.of(cascade), whole, "--shape");
    if (given.isEmpty() && bufferBytes.isEmpty()) {
      return Analysis.of(cascade);
    }
    Map<RankName, Long> workload = Problems.workload(cascade, given, "--shape");
    return Overflow.refused(
        workload, "--shape", () -> Analysis.of(cascade, workload, wordBytes, bufferBytes));
  }

  /** What is no page is refused before anything is worked out. */
  private static void requirePage(Path path) {
    String name = String.valueOf(path.getFileName());
    if (Files.isDirectory(path)) {
      throw new InvalidInputException(
          "--report: error: %s is a folder (expected a file *.html)%n    fix: %s%n"
              .formatted(path, path.resolve("analysis.html")));
    }
    if (!name.endsWith(".html")) {
      throw new InvalidInputException(
          "--report: error: the report is a page of HTML (got %s, expected *.html)%n    fix: %s%n"
              .formatted(path, path.resolveSibling(name.replaceFirst("[.][^.]*$", "") + ".html")));
    }
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new InvalidInputException(
          "--report: error: %s is no folder (got %s, expected a file in a folder that exists)%n    fix: mkdir -p %s%n"
              .formatted(folder, path, folder));
    }
  }

  private void write(Path path, Analysis analysis, Library library) {
    List<String> arguments = spec.commandLine().getParseResult().originalArgs();
    String page =
        counted(
            analysis,
            () ->
                HtmlReport.render(
                    AnalysisReport.of(
                        analysis,
                        library.inputs().all(),
                        "./weir " + String.join(" ", arguments),
                        RunFacts.now())));
    try {
      Files.writeString(path, page);
    } catch (IOException cannotWrite) {
      throw new EnvironmentException(
          "cannot write the report to %s: %s".formatted(path, cannotWrite.getMessage()));
    }
  }
}
