package dev.weir.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.UnmatchedArgumentException;

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
            .registerConverter(OutputFormat.class, new FormatConverter())
            .setExecutionExceptionHandler(failures)
            .setParameterExceptionHandler(failures);
    typedWithTheLauncher(commandLine);
    int code = execute(commandLine, failures, arguments);
    out.flush();
    err.flush();
    return code;
  }

  /** Usage lines say what a user types: the launcher of this folder. */
  private static void typedWithTheLauncher(CommandLine commandLine) {
    commandLine.getCommandSpec().usageMessage().synopsisHeading("Usage: ./");
    commandLine.getSubcommands().values().forEach(Weir::typedWithTheLauncher);
  }

  /** Asked here because picocli answers {@code nonsense --help} with the help of all verbs. */
  private static Optional<String> unknownVerb(CommandLine commandLine, String[] arguments) {
    return Stream.of(arguments)
        .limit(1)
        .filter(first -> !first.startsWith("-"))
        .filter(first -> !commandLine.getSubcommands().containsKey(first))
        .findFirst();
  }

  /** Errors of the virtual machine pass picocli by; they too end in words. */
  private static int execute(CommandLine commandLine, Failures failures, String[] arguments) {
    try {
      Optional<String> unknown = unknownVerb(commandLine, arguments);
      return unknown.isEmpty()
          ? commandLine.execute(arguments)
          : failures.handleParseException(
              new UnmatchedArgumentException(commandLine, List.of(unknown.get())), arguments);
    } catch (Error error) {
      return failures.tell(error, commandLine.getErr());
    }
  }
}
