package dev.weir.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/**
 * One command, run inside the test's own process.
 *
 * @param code exit code
 * @param out what it printed
 * @param err what it said besides
 */
public record CommandLineRun(int code, String out, String err) {

  /** Root of the repository: tests run in their module's folder. */
  public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Runs it. */
  public static CommandLineRun weir(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Weir.run(arguments, new PrintWriter(out), new PrintWriter(err));
    return new CommandLineRun(code, out.toString(), err.toString());
  }

  /** Path of a file of the repository. */
  public static String file(String path) {
    return ROOT.resolve(path).toString();
  }
}
