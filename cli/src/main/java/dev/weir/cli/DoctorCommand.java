package dev.weir.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code weir doctor}: what the launcher cannot see without Java. */
@Command(
    name = "doctor",
    description = {
      "Show which of the needed programs and OpenCL devices are there, and how to get the others."
    },
    footer = {"", "Exit codes: 0 shown, 3 no JDK 25"})
final class DoctorCommand extends HelpOption implements Callable<Integer> {
  @Override
  public Integer call() {
    return ExitCode.OK;
  }
}
