package dev.weir.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A problem that a verb cannot do without. */
final class ProblemOptions extends ProblemSetting {

  @Parameters(paramLabel = "FILE", description = "A schedule, *.schedule.")
  private Optional<Path> schedule = Optional.empty();

  @Option(
      names = {"-a", "--architecture"},
      required = true,
      paramLabel = "NAME|FILE",
      description =
          "The architecture or device: the name of one that ./weir arch list has, or a *.yaml.")
  private String architecture = "";

  @Override
  Path schedule() {
    return schedule.orElseThrow();
  }

  /** How to mend that the machine is missing; nothing when it is there, or the schedule is not. */
  Optional<String> machineFix() {
    return architecture.isEmpty() ? schedule.map(this::machineFix) : Optional.empty();
  }

  @Override
  String architecture() {
    return architecture;
  }
}
