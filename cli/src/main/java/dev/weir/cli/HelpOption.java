package dev.weir.cli;

import picocli.CommandLine.Option;

/** What every verb understands. */
class HelpOption {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean helpWanted;

  /** Whether only the usage was asked for; picocli answers that itself. */
  final boolean isHelpWanted() {
    return helpWanted;
  }
}
