package dev.weir.cli;

import dev.weir.cli.experiment.EnvironmentException;
import dev.weir.cli.validation.Row;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.probe.PeakProbe;
import dev.weir.opencl.probe.Peaks;
import dev.weir.opencl.probe.Roofline;
import dev.weir.opencl.runtime.Answer;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.runtime.Limits;
import dev.weir.opencl.validate.KernelValidator;
import dev.weir.opencl.validate.ValidationOptions;
import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Source;
import dev.weir.reports.parts.KernelParts;
import dev.weir.reports.text.TextReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir validate}. */
@Command(
    name = "validate",
    description = {
      "Run the kernel of a schedule on an OpenCL device and check its results.",
      "They are compared with the reference evaluator, on random and adversarial inputs and at"
          + " shapes",
      "that leave remainders. Only what is right is timed."
    },
    footer = {
      "",
      "Examples:",
      "  ./weir validate configs/schedules/opencl_1pass_cpu.schedule \\",
      "      --cascade configs/cascades/attention_1pass_masked.edge \\",
      "      --architecture configs/devices/pocl-cpu.yaml --shape B=1,H=2,P=512,M=512,E=64,F=64",
      "  ./weir validate --all --output validation.txt",
      "",
      "Exit codes: 0 right, 1 wrong, or the device refuses the kernel, 2 a file is wrong,",
      "            3 no OpenCL device, 130 interrupted"
    })
final class ValidateCommand extends HelpOption implements Callable<Integer> {

  @Mixin private ProblemOrAll options;

  @Mixin private PrecisionOption precision;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long building a kernel, or one run of it, may take before it is stopped; 60 s if"
              + " left out.")
  private long limitSeconds;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "With --all: ${COMPLETION-CANDIDATES}; text if left out.")
  private Optional<OutputFormat> format = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "With --all: a file for the results, too; it holds all there is at any time.")
  private Optional<Path> output = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (limitSeconds < 1) {
      throw wrong("--limit is at least 1 s (got %d s)%n    fix: --limit 60".formatted(limitSeconds));
    }
    Duration limit = Duration.ofSeconds(limitSeconds);
    try (DeviceSession session = DeviceSession.open(new Limits(limit, limit))) {
      return options.isAll() ? all(session) : one(session);
    }
  }

  private int all(DeviceSession session) {
    if (precision.isGiven()) {
      throw wrong(
          "--all is fp32 (got --precision %s too, expected none)%n    fix: leave out --precision, or give one schedule in place of --all"
              .formatted(precision.format().text()));
    }
    AllValidation all =
        new AllValidation(
            format.orElse(OutputFormat.TEXT),
            output,
            spec.commandLine().getOut(),
            spec.commandLine().getErr());
    return all.run(session, found(session));
  }

  private int one(DeviceSession session) {
    if (format.isPresent() || output.isPresent()) {
      throw wrong("--format and --output need --all (got one of them without it)");
    }
    Problem problem = options.legalProblem();
    return validate(problem, session, found(session).devices().getFirst());
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private static DeviceSearch.Found found(DeviceSession session) {
    return switch (session.devices()) {
      case DeviceSearch.NoDevice none ->
          throw new EnvironmentException(
              "NOT RUN: " + none.reason() + "\n    fix: " + none.remedy());
      case DeviceSearch.Found found -> found;
    };
  }

  private int validate(Problem problem, DeviceSession session, Device device) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("device  " + KernelParts.device(device.description()));
    ValidationOptions thorough = ValidationOptions.thorough().in(precision.format());
    ValidationReport report =
        options.counted(() -> KernelValidator.validate(problem, session, device, thorough));
    switch (report) {
      case ValidationReport.Refused refused ->
          throw options.noKernel(refused.where(), refused.reason(), refused.fix());
      case ValidationReport.NotBuilt notBuilt -> {
        out.println("FAILED  " + notBuilt.reason());
        notBuilt.log().forEach(line -> out.println("    " + line));
        out.println("    fix: ./weir kernel show --plain with the same arguments prints the text");
        return ExitCode.CHECK_FAILED;
      }
      case ValidationReport.Checked checked -> {
        Source source = new Source("kernel run", "this schedule", List.of());
        out.println();
        out.print(
            TextReport.part(KernelParts.comparisons(problem.cascade().name(), checked, source)));
        checked.tailsNotChecked().forEach(why -> out.println("a tail was not tried: " + why));
        checked.timing().ifPresent(timing -> out.print(closing(problem, timing, session, device)));
        return checked.passed() ? ExitCode.OK : ExitCode.CHECK_FAILED;
      }
    }
  }

  /** The time, and the part of the roofline that it reaches by peaks of the same minute. */
  private static String closing(
      Problem problem, ValidationReport.Timing timing, DeviceSession session, Device device) {
    String time =
        String.format(
            Locale.ROOT,
            "%ntime    %.3f ms, fastest of %d runs; median %.3f ms; %.1f Gflop/s; ",
            timing.minimumMilliseconds(),
            timing.runs(),
            timing.medianMilliseconds(),
            timing.gigaflops());
    return switch (PeakProbe.measure(session, device)) {
      case Answer.Failed<Peaks> failed ->
          time + "peaks of the device are unknown: %s%n".formatted(failed.reason());
      case Answer.Given<Peaks> given -> {
        Roofline roofline =
            given.value().roofline(timing.operations(), Row.compulsoryBytes(problem));
        double share = roofline.share(timing.minimumMilliseconds() / 1e3);
        yield time
            + String.format(
                Locale.ROOT,
                "%.1f %% of the roofline, whose limit here is %s%npeaks   %s%n",
                share * 100,
                roofline.limit(),
                given.value().text());
      }
    };
  }
}
