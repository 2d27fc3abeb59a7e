package dev.weir.cli;

import dev.weir.cli.experiment.EnvironmentException;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Spelling;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into words and an exit code; nobody sees a stack trace. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult parseResult) {
    return tell(failure, commandLine.getErr());
  }

  /** Says what went wrong and gives the exit code. */
  int tell(Throwable failure, PrintWriter err) {
    int code =
        switch (failure) {
          case InvalidInputException invalid -> {
            err.print(withEnd(invalid.getMessage()));
            yield ExitCode.USER_ERROR;
          }
          case EnvironmentException environment -> {
            err.print("weir: " + withEnd(environment.getMessage()));
            yield ExitCode.ENVIRONMENT;
          }
          case OutOfMemoryError _ -> {
            err.println("weir: out of memory; smaller shapes need less");
            yield ExitCode.ENVIRONMENT;
          }
          default -> {
            err.println("weir: internal error: " + firstLine(failure) + savedTrace(failure));
            yield ExitCode.CHECK_FAILED;
          }
        };
    err.flush();
    return code;
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine commandLine = wrong.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println("weir: " + message(wrong));
    nearest(wrong).or(() -> machine(wrong)).ifPresent(near -> err.println("    fix: " + near));
    err.println("    help: ./" + commandLine.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return ExitCode.USER_ERROR;
  }

  /** Where an option is not known, what stands behind it is not to blame. */
  private static String message(ParameterException wrong) {
    if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
      return wrong.getMessage();
    }
    String written = unmatched.getUnmatched().getFirst();
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    if (written.startsWith("-")) {
      return "unknown option " + written;
    }
    return command.parent() == null || command.subcommands().isEmpty()
        ? wrong.getMessage()
        : "%s is followed by a verb (got %s, expected one of %s)"
            .formatted(command.name(), written, String.join(", ", command.subcommands().keySet()));
  }

  /** The verb or option that was probably meant. */
  private static Optional<String> nearest(ParameterException wrong) {
    if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
      return Optional.empty();
    }
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    List<String> known = new ArrayList<>(command.subcommands().keySet());
    command.options().forEach(option -> known.addAll(List.of(option.names())));
    String written = unmatched.getUnmatched().getFirst();
    String word = written.startsWith("-") ? written.split("=", 2)[0] : written;
    // Another verb does another thing, and some take long: it must be very near.
    return Spelling.nearest(word, known)
        .filter(near -> near.charAt(0) == word.charAt(0) || Spelling.distance(word, near) <= 1);
  }

  /** The command with a machine, where only the machine is missing. */
  private static Optional<String> machine(ParameterException wrong) {
    if (!(wrong instanceof MissingParameterException)) {
      return Optional.empty();
    }
    try {
      return wrong.getCommandLine().getCommandSpec().mixins().values().stream()
          .map(CommandSpec::userObject)
          .filter(ProblemOptions.class::isInstance)
          .flatMap(options -> ((ProblemOptions) options).machineFix().stream())
          .findFirst();
    } catch (InvalidInputException _) {
      // The schedule cannot be read, which is said as soon as there is a machine.
      return Optional.empty();
    }
  }

  private static String withEnd(String message) {
    return message.endsWith("\n") ? message : message + "\n";
  }

  private static String firstLine(Throwable failure) {
    String text = failure.toString();
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static String savedTrace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    try {
      Path file = Files.createTempFile("weir-error-", ".txt");
      Files.writeString(file, trace.toString());
      return "; please report it with " + file;
    } catch (IOException cannotSave) {
      return "; its trace could not be saved (" + cannotSave.getMessage() + ")";
    }
  }
}
