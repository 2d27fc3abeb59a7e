package dev.weir.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Entry point of the {@code weir} command. */
public final class Weir {

  private static final int USAGE_COLUMNS = 100;

  private Weir() {}

  /** Ends the process with one of {@link ExitCode}. */
  public static void main(String[] arguments) {
    // The schema validator logs through an interface without a back end, which would complain.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    StandardOutput standard = new StandardOutput();
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(arguments, standard.writer(), err);
    if (standard.failure().isPresent()) {
      err.println("weir: cannot write to standard output: " + standard.failure().get());
      code = ExitCode.ENVIRONMENT;
    }
    System.exit(code);
  }

  /** Runs one command and gives its exit code; nothing else of the process is touched. */
  static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    Failures failures = new Failures();
    CommandLine commandLine =
        new CommandLine(new MainCommand())
            .setOut(out)
            .setErr(err)
            .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
            .setUsageHelpWidth(USAGE_COLUMNS)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(failures)
            .setParameterExceptionHandler(failures);
    commandLine
        .getSubcommands()
        .values()
        .forEach(verb -> verb.getCommandSpec().usageMessage().synopsisHeading("Usage: ./"));
    int code = execute(commandLine, failures, arguments);
    out.flush();
    err.flush();
    return code;
  }

  /** Errors of the virtual machine pass picocli by; they too end in words. */
  private static int execute(CommandLine commandLine, Failures failures, String[] arguments) {
    try {
      return commandLine.execute(arguments);
    } catch (Error error) {
      return failures.tell(error, commandLine.getErr());
    }
  }
}
