package dev.weir.cli.experiment;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Says on the error stream what is going on, with the seconds since the start, so that results on
 * the output stream stay clean.
 */
public final class Progress {

  private final PrintWriter out;
  private final LongSupplier nanoseconds;
  private final long start;

  /**
   * Starts counting.
   *
   * @param nanoseconds a clock such as {@link System#nanoTime}
   */
  public Progress(PrintWriter out, LongSupplier nanoseconds) {
    this.out = out;
    this.nanoseconds = nanoseconds;
    this.start = nanoseconds.getAsLong();
  }

  /** One line. */
  public void say(String what) {
    out.println(String.format(Locale.ROOT, "[%5.1f s] %s", elapsedSeconds(), what));
    out.flush();
  }

  /** Since the start. */
  public double elapsedSeconds() {
    return (nanoseconds.getAsLong() - start) / 1e9;
  }
}
