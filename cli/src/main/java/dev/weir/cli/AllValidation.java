package dev.weir.cli;

import dev.weir.cli.experiment.Library;
import dev.weir.cli.experiment.Progress;
import dev.weir.cli.validation.CatalogueReader;
import dev.weir.cli.validation.DeviceResult;
import dev.weir.cli.validation.Row;
import dev.weir.cli.validation.ScheduleSource;
import dev.weir.cli.validation.Targets;
import dev.weir.cli.validation.ValidationJson;
import dev.weir.cli.validation.ValidationResult;
import dev.weir.cli.validation.ValidationRun;
import dev.weir.cli.validation.ValidationText;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Provenance.Fact;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Validates all that comes with Weir. Each row is printed, and the file written anew, as soon as it
 * is known: whoever interrupts it keeps what there is.
 */
final class AllValidation implements ValidationRun.Listener {

  private final OutputFormat format;
  private final Optional<Path> file;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Targets targets;
  private final ValidationText text;
  private Optional<ValidationResult> known = Optional.empty();

  AllValidation(OutputFormat format, Optional<Path> file, PrintWriter out, PrintWriter err) {
    this.format = format;
    this.file = file;
    this.out = out;
    this.err = err;
    this.targets =
        Targets.of(
            CatalogueReader.readFile(ShippedFiles.configs().resolve("validation.yaml")),
            new Library(),
            ScheduleSource.plain());
    this.text = new ValidationText(targets.all());
  }

  /** Runs everything on every device. */
  int run(DeviceSession session, DeviceSearch.Found found) {
    Progress progress = new Progress(err, System::nanoTime);
    List<Fact> facts = facts();
    // Whether the file can be written must not turn out at the end.
    write(
        new ValidationResult(
            facts, targets.all(), targets.gaps(), found.notes(), List.of(), false));
    try (Interruption _ = Interruption.ofValidation(err, this::kept)) {
      ValidationRun run = new ValidationRun(session, targets, facts, progress::say, this);
      ValidationResult result = run.on(found);
      known = Optional.of(result);
      write(result);
      out.print(
          switch (format) {
            case TEXT -> text.closing(result);
            case JSON -> ValidationJson.render(result);
          });
      file.ifPresent(path -> err.println("wrote " + path));
      return result.count(Outcome.FAILED) == 0 ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
  }

  /** Who runs it, when and on what. */
  static List<Fact> facts() {
    List<Fact> facts = new ArrayList<>(RunFacts.now());
    facts.add(new Fact("processor", RunFacts.processor()));
    return facts;
  }

  @Override
  public void begun(DeviceResult device, ValidationResult soFar) {
    String facts = known.isEmpty() ? text.facts(soFar) : "";
    tell(soFar, facts + text.device(device));
  }

  @Override
  public void done(Row row, ValidationResult soFar) {
    tell(soFar, text.row(row));
  }

  @Override
  public void ended(DeviceResult device, ValidationResult soFar) {
    tell(soFar, text.end(device));
  }

  private void tell(ValidationResult soFar, String more) {
    known = Optional.of(soFar);
    write(soFar);
    if (format == OutputFormat.TEXT) {
      out.print(more);
      out.flush();
    }
  }

  private void write(ValidationResult result) {
    file.ifPresent(
        path ->
            ResultFile.write(
                path,
                switch (format) {
                  case TEXT -> text.all(result);
                  case JSON -> ValidationJson.render(result);
                }));
  }

  private String kept() {
    long rows = known.map(result -> result.rows().count()).orElse(0L);
    String where = file.map(path -> path + " holds ").orElse("");
    return where + "%d kernels that were tried until then".formatted(rows);
  }
}
