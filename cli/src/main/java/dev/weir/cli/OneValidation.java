package dev.weir.cli;

import dev.weir.cli.experiment.Progress;
import dev.weir.cli.validation.DescribedPeaks;
import dev.weir.cli.validation.DeviceResult;
import dev.weir.cli.validation.Row;
import dev.weir.cli.validation.Target;
import dev.weir.cli.validation.ValidationJson;
import dev.weir.cli.validation.ValidationResult;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.kernel.NumberFormat;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.probe.PeakProbe;
import dev.weir.opencl.probe.Peaks;
import dev.weir.opencl.probe.Roofline;
import dev.weir.opencl.runtime.Answer;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.validate.KernelValidator;
import dev.weir.opencl.validate.ValidationOptions;
import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Source;
import dev.weir.reports.parts.KernelParts;
import dev.weir.reports.text.TextReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Validates the kernel of one schedule on the best device. */
final class OneValidation {

  private final ProblemOrAll options;
  private final NumberFormat precision;
  private final OutputFormat format;
  private final Optional<Path> file;
  private final PrintWriter out;
  private final PrintWriter err;

  /**
   * One validation.
   *
   * @param format of what is printed and of the file
   * @param file for the results, too
   */
  OneValidation(
      ProblemOrAll options,
      NumberFormat precision,
      OutputFormat format,
      Optional<Path> file,
      PrintWriter out,
      PrintWriter err) {
    this.options = options;
    this.precision = precision;
    this.format = format;
    this.file = file;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs the kernel and checks it.
   *
   * @param search is asked once the schedule is known to have a kernel
   * @return an exit code
   */
  int run(DeviceSession session, Supplier<DeviceSearch.Found> search) {
    file.ifPresent(ResultFile::requireFolder);
    try (Interruption _ =
        Interruption.ofValidation(err, () -> "the kernel was not validated to the end")) {
      Target target = target(options.legalProblem());
      DeviceSearch.Found found = search.get();
      return run(target, session, found);
    } catch (InvalidInputException invalid) {
      if (format == OutputFormat.TEXT) {
        throw invalid;
      }
      out.print(FindingsJson.refusal(invalid, options.schedule().toString()));
      return ExitCode.USER_ERROR;
    }
  }

  private Target target(Problem problem) {
    return switch (options.counted(() -> KernelLowering.lower(problem, precision))) {
      case Lowering.Refused refused ->
          throw options.noKernel(refused.where(), refused.reason(), refused.fix());
      case Lowering.Lowered lowered -> new Target(problem, lowered.program(), precision);
    };
  }

  private int run(Target target, DeviceSession session, DeviceSearch.Found found) {
    Device device = found.devices().getFirst();
    String name = device.description().name();
    Progress progress = new Progress(err, System::nanoTime);
    progress.say(
        "kernel of %s on %s: run at its shapes and at small ones, and compared"
            .formatted(target.problem().schedule().name(), name));
    ValidationOptions thorough = ValidationOptions.thorough().in(precision);
    ValidationReport report =
        options.counted(
            () -> KernelValidator.validate(target.problem(), session, device, thorough));
    if (report instanceof ValidationReport.Refused refused) {
      throw options.noKernel(refused.where(), refused.reason(), refused.fix());
    }
    boolean isTimed =
        report instanceof ValidationReport.Checked checked && checked.timing().isPresent();
    if (isTimed) {
      progress.say("measuring what %s can do at best".formatted(name));
    }
    Answer<Peaks> peaks =
        isTimed
            ? PeakProbe.measure(session, device)
            : new Answer.Failed<>("nothing was timed", List.of());
    Row row = Row.of(target, report, value(peaks));
    String text =
        switch (format) {
          case TEXT -> text(row, device, peaks);
          case JSON -> ValidationJson.render(result(row, device, found, peaks));
        };
    out.print(text);
    file.ifPresent(path -> ResultFile.write(path, text));
    return row.outcome() == Outcome.PASSED ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }

  private static Optional<Peaks> value(Answer<Peaks> peaks) {
    return switch (peaks) {
      case Answer.Given<Peaks> given -> Optional.of(given.value());
      case Answer.Failed<Peaks> _ -> Optional.empty();
    };
  }

  private static ValidationResult result(
      Row row, Device device, DeviceSearch.Found found, Answer<Peaks> peaks) {
    List<String> notes =
        switch (peaks) {
          case Answer.Given<Peaks> given -> given.value().notes();
          case Answer.Failed<Peaks> failed -> List.of("its peaks are unknown: " + failed.reason());
        };
    DeviceResult result =
        new DeviceResult(
            device.description(),
            value(peaks),
            Optional.empty(),
            List.of(DescribedPeaks.of(row.target().problem().architecture())),
            notes,
            List.of(row));
    return new ValidationResult(
        AllValidation.facts(),
        List.of(row.target()),
        List.of(),
        found.notes(),
        List.of(result),
        true);
  }

  private static String text(Row row, Device device, Answer<Peaks> peaks) {
    StringBuilder text = new StringBuilder();
    text.append("device  %s%n".formatted(KernelParts.device(device.description())));
    switch (row.report()) {
      case ValidationReport.Refused _ -> throw new IllegalStateException("refused before");
      case ValidationReport.NotBuilt notBuilt -> {
        text.append("FAILED  %s%n".formatted(notBuilt.reason()));
        notBuilt.log().forEach(line -> text.append("    %s%n".formatted(line)));
        text.append(
            "    fix: ./weir kernel show --plain with the same arguments prints the text\n");
      }
      case ValidationReport.Checked checked -> {
        String cascade = row.target().problem().cascade().name();
        Source source = new Source("kernel run", "this schedule", List.of());
        text.append('\n')
            .append(TextReport.part(KernelParts.comparisons(cascade, checked, source)));
        checked
            .diagnosis()
            .ifPresent(
                diagnosis ->
                    text.append("%s%n    fix: %s%n".formatted(diagnosis.text(), diagnosis.fix())));
        checked
            .tailsNotChecked()
            .forEach(why -> text.append("a tail was not tried: %s%n".formatted(why)));
        checked.timing().ifPresent(timing -> text.append(closing(row, timing, peaks)));
      }
    }
    return text.toString();
  }

  /** The time, and the part of the roofline that it reaches by peaks of the same minute. */
  private static String closing(Row row, ValidationReport.Timing timing, Answer<Peaks> peaks) {
    String time =
        String.format(
            Locale.ROOT,
            "%ntime    %.3f ms, fastest of %d runs; median %.3f ms; %.1f Gflop/s; ",
            timing.minimumMilliseconds(),
            timing.runs(),
            timing.medianMilliseconds(),
            timing.gigaflops());
    return switch (peaks) {
      case Answer.Failed<Peaks> failed ->
          time + "peaks of the device are unknown: %s%n".formatted(failed.reason());
      case Answer.Given<Peaks> given -> {
        Roofline roofline = row.roofline().orElseThrow();
        yield time
            + String.format(
                Locale.ROOT,
                "%.1f %% of the roofline, whose limit here is %s%npeaks   %s%n",
                row.rooflineShare().orElseThrow() * 100,
                roofline.limit(),
                given.value().text());
      }
    };
  }
}
