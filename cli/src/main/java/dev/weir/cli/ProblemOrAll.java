package dev.weir.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** One problem, or all that come with Weir. */
final class ProblemOrAll extends ProblemSetting {

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "A schedule, *.schedule.")
  private Optional<Path> schedule = Optional.empty();

  @Option(
      names = {"-a", "--architecture"},
      paramLabel = "NAME|FILE",
      description =
          "The architecture or device: the name of one that ./weir arch list has, or a *.yaml.")
  private Optional<String> architecture = Optional.empty();

  @Option(
      names = "--all",
      description = {
        "Every cascade that comes with Weir, under every schedule that fits it, on every device:",
        "what configs/validation.yaml lists. Takes no FILE and no options of a problem."
      })
  private boolean isAll;

  /**
   * Whether all are wanted.
   *
   * @throws ParameterException when one is named beside
   */
  boolean isAll() {
    if (isAll && (schedule.isPresent() || architecture.isPresent() || hasSettings())) {
      throw new ParameterException(
          verb().commandLine(),
          "--all stands alone (got a schedule, an architecture, a cascade, shapes or parameters"
              + " too, expected none)\n    fix: ./weir validate --all");
    }
    return isAll;
  }

  @Override
  Path schedule() {
    return schedule.orElseThrow(
        () -> missing("parameter: 'FILE', or --all\n    fix: ./weir validate --all"));
  }

  @Override
  String architecture() {
    return architecture.orElseThrow(
        () -> missing("option: '--architecture=NAME|FILE'\n    fix: " + machineFix(schedule())));
  }

  private ParameterException missing(String what) {
    return new ParameterException(verb().commandLine(), "Missing required " + what);
  }
}
