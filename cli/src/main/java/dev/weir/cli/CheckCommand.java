package dev.weir.cli;

import dev.weir.cli.experiment.Experiment;
import dev.weir.cli.experiment.ExperimentJudge;
import dev.weir.cli.experiment.ExperimentReader;
import dev.weir.cli.experiment.InputKind;
import dev.weir.cli.experiment.Library;
import dev.weir.cli.reproduction.Reproduction;
import dev.weir.cli.reproduction.ReproductionReader;
import dev.weir.cli.validation.Catalogue;
import dev.weir.cli.validation.CatalogueReader;
import dev.weir.cli.validation.ScheduleSource;
import dev.weir.cli.validation.Targets;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.technology.Technology;
import dev.weir.mapper.technology.TechnologyReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir check}. */
@Command(
    name = "check",
    description = {
      "Read files and report everything that is wrong with them, by file and place.",
      "The kind of a file follows from its name: cascades end in .edge, schedules in .schedule,",
      "architectures, devices, technology tables, experiments and validations in .yaml, JSON"
          + " schemas",
      "in .json.",
      "Of an experiment all files that it names are read and all its schedules judged."
    },
    footer = {
      "",
      "Examples:",
      "  ./weir check configs/cascades/attention_1pass.edge",
      "  ./weir check configs/*/*.*",
      "  ./weir check --format json configs/cascades/attention_1pass.edge",
      "",
      "Exit codes: 0 nothing is wrong but for warnings, 2 something is"
    })
final class CheckCommand extends HelpOption implements Callable<Integer> {

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files to read.")
  private List<Path> files;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json; ${DEFAULT-VALUE} if left out.")
  private OutputFormat format;

  @Spec private CommandSpec spec;

  /**
   * What became of one file.
   *
   * @param file as it was given
   * @param summary what it holds, when nothing is wrong
   * @param refusal what is wrong, otherwise
   * @param warnings what is odd and not wrong
   */
  private record Checked(
      Path file,
      Optional<String> summary,
      Optional<InvalidInputException> refusal,
      List<Diagnostic> warnings) {}

  @Override
  public Integer call() {
    List<Checked> all = new ArrayList<>();
    Optional<RuntimeException> failure = Optional.empty();
    for (Path file : files) {
      try {
        all.add(checked(file));
      } catch (RuntimeException mistake) {
        // A mistake of Weir's own: what it found in the other files is no less true.
        failure = Optional.of(failure.orElse(mistake));
      }
    }
    long wrong = all.stream().filter(one -> one.refusal().isPresent()).count();
    switch (format) {
      case TEXT -> text(all, wrong);
      case JSON -> spec.commandLine().getOut().print(FindingsJson.document(json(all, wrong)));
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return wrong == 0 ? ExitCode.OK : ExitCode.USER_ERROR;
  }

  private static Checked checked(Path file) {
    Diagnostics warnings = new Diagnostics();
    try {
      String summary = read(file, warnings);
      return new Checked(file, Optional.of(summary), Optional.empty(), warnings.sorted());
    } catch (InvalidInputException invalid) {
      return new Checked(file, Optional.empty(), Optional.of(invalid), List.of());
    }
  }

  /** What has no place of its own stands before what has. */
  private void text(List<Checked> all, long wrong) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    for (Checked one : all) {
      one.summary().ifPresent(summary -> out.println("ok  " + one.file() + ": " + summary));
    }
    refusals(all)
        .filter(refusal -> refusal.diagnostics().isEmpty())
        .forEach(refusal -> err.print(refusal.getMessage().stripTrailing() + "\n"));
    sorted(all).forEach(finding -> err.print(finding.render()));
    if (wrong > 0) {
      err.printf("%d of %d files have errors%n", wrong, all.size());
    }
  }

  private static Map<String, Object> json(List<Checked> all, long wrong) {
    List<Map<String, Object>> files = new ArrayList<>();
    List<Map<String, Object>> findings = new ArrayList<>();
    for (Checked one : all) {
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("file", one.file().toString());
      file.put("ok", one.refusal().isEmpty());
      file.put("summary", one.summary().orElse(null));
      files.add(file);
      one.refusal()
          .filter(refusal -> refusal.diagnostics().isEmpty())
          .ifPresent(refusal -> findings.addAll(FindingsJson.of(refusal, one.file().toString())));
    }
    sorted(all).map(FindingsJson::of).forEach(findings::add);
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("files", files);
    out.put("filesWithErrors", wrong);
    out.put("diagnostics", findings);
    return out;
  }

  private static Stream<InvalidInputException> refusals(List<Checked> all) {
    return all.stream().flatMap(one -> one.refusal().stream());
  }

  /** Each finding once, though several files may name the one that is wrong. */
  private static Stream<Diagnostic> sorted(List<Checked> all) {
    return Stream.concat(
            refusals(all).flatMap(refusal -> refusal.diagnostics().stream()),
            all.stream().flatMap(one -> one.warnings().stream()))
        .distinct()
        .sorted(Diagnostic.BY_PLACE);
  }

  private static String read(Path file, Diagnostics warnings) {
    Library library = new Library();
    return switch (InputKind.of(file)) {
      case CASCADE -> describe(cascade(file, warnings));
      case SCHEDULE -> describe(library.schedule(file).schedule());
      case MACHINE -> describe(library.architecture(file));
      case TECHNOLOGY -> describe(TechnologyReader.readFile(file));
      case EXPERIMENT -> describe(judged(file, library));
      case REPRODUCTION -> describe(ReproductionReader.readFile(file));
      case VALIDATION -> describe(CatalogueReader.readFile(file), library);
      case SCHEMA -> "JSON schema " + SchemaFile.title(file);
    };
  }

  private static Cascade cascade(Path file, Diagnostics warnings) {
    Diagnostics found = new Diagnostics();
    Optional<Cascade> cascade = CascadeReader.read(SourceFile.read(file), found);
    found.throwIfErrors();
    found.sorted().forEach(warnings::add);
    return cascade.orElseThrow();
  }

  /** Everything but the work, so that {@code run} finds nothing that this does not. */
  private static Experiment judged(Path file, Library library) {
    Experiment experiment = ExperimentReader.readFile(file);
    ExperimentJudge.judge(experiment, library);
    return experiment;
  }

  private static String describe(Experiment experiment) {
    int targets = experiment.targets().size();
    return "experiment %s, %d %s"
        .formatted(experiment.name(), targets, targets == 1 ? "target" : "targets");
  }

  private static String describe(Reproduction reproduction) {
    return "reproduction %s, %d designs"
        .formatted(reproduction.name(), reproduction.designs().size());
  }

  private static String describe(Catalogue catalogue, Library library) {
    Targets targets = Targets.of(catalogue, library, ScheduleSource.plain());
    return "validation %s, %d cascades, %d kernels of shipped schedules"
        .formatted(catalogue.name(), catalogue.workloads().size(), targets.all().size());
  }

  private static String describe(Cascade cascade) {
    return "cascade %s, %d Einsums".formatted(cascade.name(), cascade.einsums().size());
  }

  static String describe(Schedule schedule) {
    return "schedule %s for %s".formatted(schedule.name(), schedule.cascade());
  }

  private static String describe(Technology technology) {
    return "technology %s, %d operations"
        .formatted(technology.name(), technology.operationNames().size());
  }

  static String describe(Architecture architecture) {
    return "architecture %s, %d memory levels, %d compute units"
        .formatted(architecture.name(), architecture.levels().size(), architecture.units().size());
  }
}
