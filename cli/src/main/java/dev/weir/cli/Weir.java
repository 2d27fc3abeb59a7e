package dev.weir.cli;

/** Entry point of the {@code weir} command. */
public final class Weir {
  private static final int USER_ERROR = 2;
  private static final String USAGE =
      """
      Usage: weir VERB
        verify [MAVEN ARGUMENT...]   check the format, build everything and run all tests
        format-code [FILE...]        format all Java files, or the named ones
        doctor                       show which of the needed tools are there

      Weir is at its beginning: run, check, analyze, map, simulate and kernel come next.\
      """;

  private Weir() {}

  /** Prints the usage; the verbs come with the modules they show. */
  public static void main(String[] arguments) {
    if (arguments.length == 0 || arguments[0].equals("-h") || arguments[0].equals("--help")) {
      System.out.println(USAGE);
    } else if (!arguments[0].equals("doctor")) {
      System.err.println("weir: unknown verb '" + arguments[0] + "'; see ./weir --help");
      System.exit(USER_ERROR);
    }
  }
}
