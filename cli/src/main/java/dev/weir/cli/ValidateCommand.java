package dev.weir.cli;

import dev.weir.cli.experiment.EnvironmentException;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.runtime.Limits;
import java.nio.file.Path;
import java.time.Duration;
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
      "  ./weir validate configs/schedules/opencl_1pass_cpu.schedule -a pocl-cpu \\",
      "      --shape B=1,H=2,P=512,M=512 --format json --output attention.json",
      "  ./weir validate --all --output validation.txt",
      "",
      "Exit codes: 0 right, 1 wrong, or the device refuses the kernel, 2 a file is wrong,",
      "            3 no OpenCL device, 130 interrupted"
    })
final class ValidateCommand extends HelpOption implements Callable<Integer>, MakesKernels {

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
      description = "text or json; text if left out.")
  private Optional<OutputFormat> format = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "A file for the results, too; with --all it holds all there is at any time.")
  private Optional<Path> output = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (limitSeconds < 1) {
      throw wrong(
          "--limit is at least 1 s (got %d s)%n    fix: --limit 60".formatted(limitSeconds));
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
    OneValidation one =
        new OneValidation(
            options,
            precision.format(),
            format.orElse(OutputFormat.TEXT),
            output,
            spec.commandLine().getOut(),
            spec.commandLine().getErr());
    return one.run(session, () -> found(session));
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
}
