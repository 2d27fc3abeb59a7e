package dev.weir.cli;

import dev.weir.cli.experiment.ResultFolder;
import java.io.PrintWriter;

/**
 * Says on Ctrl-C what became of the results. The virtual machine itself then ends with exit code
 * 130.
 */
final class Interruption implements AutoCloseable {

  private final Thread announcement;

  private Interruption(Thread announcement) {
    this.announcement = announcement;
  }

  /** Until it is closed; a folder that was made for the results then goes too. */
  static Interruption announcedOn(PrintWriter err, ResultFolder folder) {
    return saying(
        err, "weir: interrupted; nothing in " + folder.path() + " was changed", folder::close);
  }

  /** Until it is closed, for a verb that writes no files. */
  static Interruption announcedOn(PrintWriter err) {
    return saying(err, "weir: interrupted", () -> {});
  }

  private static Interruption saying(PrintWriter err, String what, Runnable cleaning) {
    Thread announcement =
        new Thread(
            () -> {
              cleaning.run();
              err.println();
              err.println(what);
              err.flush();
            });
    Runtime.getRuntime().addShutdownHook(announcement);
    return new Interruption(announcement);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(announcement);
    } catch (IllegalStateException alreadyEnding) {
      // Then the announcement is on its way, and rightly so.
    }
  }
}
