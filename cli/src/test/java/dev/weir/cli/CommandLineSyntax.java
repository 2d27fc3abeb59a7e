package dev.weir.cli;

import java.util.List;
import picocli.CommandLine;

/** What the command line understands, without doing it. */
public final class CommandLineSyntax {

  private CommandLineSyntax() {}

  /** Throws when a command is not understood. */
  public static void parse(List<String> words) {
    new CommandLine(new MainCommand()).parseArgs(words.toArray(String[]::new));
  }
}
