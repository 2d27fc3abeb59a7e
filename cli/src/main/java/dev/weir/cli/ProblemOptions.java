package dev.weir.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A problem that a verb cannot do without. */
final class ProblemOptions extends ProblemSetting {

  @Parameters(paramLabel = "FILE", description = "A schedule, *.schedule.")
  private Path schedule;

  @Option(
      names = {"-a", "--architecture"},
      required = true,
      paramLabel = "NAME|FILE",
      description =
          "The architecture or device: the name of one that ./weir arch list has, or a *.yaml.")
  private String architecture = "";

  @Override
  Path schedule() {
    return schedule;
  }

  @Override
  String architecture() {
    return architecture;
  }
}
