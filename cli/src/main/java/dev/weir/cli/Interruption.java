package dev.weir.cli;

import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * Says on Ctrl-C what became of the results. The virtual machine itself then ends with exit code
 * 130.
 */
final class Interruption implements AutoCloseable {

  private final Thread announcement;

  private Interruption(Thread announcement) {
    this.announcement = announcement;
  }

  /** Until it is closed. */
  static Interruption announcedOn(PrintWriter err, Path folder) {
    Thread announcement =
        new Thread(
            () -> {
              err.println();
              err.println("weir: interrupted; nothing in " + folder + " was changed");
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
