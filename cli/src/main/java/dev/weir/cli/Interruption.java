package dev.weir.cli;

import dev.weir.cli.experiment.ResultFolder;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Says on Ctrl-C what became of the results. The virtual machine itself then ends with exit code
 * 130.
 */
final class Interruption implements AutoCloseable {

  /** Writing a large trace takes no longer. */
  private static final long LONGEST_WAIT_SECONDS = 30;

  private final Thread announcement;
  private final CountDownLatch closed;

  private Interruption(Thread announcement, CountDownLatch closed) {
    this.announcement = announcement;
    this.closed = closed;
  }

  /** Until it is closed; a folder that was made for the results then goes too. */
  static Interruption announcedOn(PrintWriter err, ResultFolder folder) {
    return saying(
        err,
        () -> "weir: interrupted; nothing in " + folder.path() + " was changed",
        new CountDownLatch(1),
        folder::close);
  }

  /**
   * Until it is closed, for the calling thread, which simulates: it is interrupted, and gets the
   * time to show what it knows.
   */
  static Interruption ofSimulation(PrintWriter err) {
    Thread simulating = Thread.currentThread();
    CountDownLatch closed = new CountDownLatch(1);
    return saying(
        err,
        () -> "weir: interrupted",
        closed,
        () -> {
          simulating.interrupt();
          await(closed);
        });
  }

  /** Until it is closed; what is known is on the output already. */
  static Interruption ofValidation(PrintWriter err, Supplier<String> what) {
    CountDownLatch closed = new CountDownLatch(1);
    return saying(err, () -> "weir: interrupted; " + what.get(), closed, () -> {});
  }

  private static void await(CountDownLatch closed) {
    try {
      boolean _ = closed.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException again) {
      Thread.currentThread().interrupt();
    }
  }

  private static Interruption saying(
      PrintWriter err, Supplier<String> what, CountDownLatch closed, Runnable before) {
    Thread announcement =
        new Thread(
            () -> {
              before.run();
              err.println();
              err.println(what.get());
              err.flush();
            });
    Runtime.getRuntime().addShutdownHook(announcement);
    return new Interruption(announcement, closed);
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(announcement);
    } catch (IllegalStateException alreadyEnding) {
      // Then the announcement is on its way, and rightly so.
    }
  }
}
