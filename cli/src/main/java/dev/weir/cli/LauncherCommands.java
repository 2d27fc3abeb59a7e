package dev.weir.cli;

import dev.weir.cli.experiment.EnvironmentException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Verbs that the launcher {@code ./weir} carries out before any Java runs; here for their help. */
final class LauncherCommands {

  private LauncherCommands() {}

  @Command(
      name = "verify",
      description = "Check the format, build everything and run all tests, as CI does.",
      footer = {
        "",
        "Examples:",
        "  ./weir verify               everything; installs or names what is missing",
        "  ./weir verify -pl einsum    one module; any argument goes to Maven"
      })
  static final class Verify extends HelpOption implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "Goes to Maven.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
      throw new EnvironmentException("verify " + arguments + ": start it as ./weir verify");
    }
  }

  @Command(
      name = "format-code",
      description = "Format the Java sources.",
      footer = {
        "",
        "Examples:",
        "  ./weir format-code          all files",
        "  ./weir format-code FILE     one file"
      })
  static final class FormatCode extends HelpOption implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Java files.")
    private List<String> files = List.of();

    @Override
    public Integer call() {
      throw new EnvironmentException("format-code " + files + ": start it as ./weir format-code");
    }
  }
}
