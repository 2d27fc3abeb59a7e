package dev.weir.cli.experiment;

import java.util.Locale;

/**
 * Says how far a simulation has come, in percent of what the cost model says of its length, and how
 * long the rest will take if it goes on like this. The lines become rarer, so that a long run does
 * not fill the screen.
 */
public final class SimulationProgress {

  private static final double FIRST_SECONDS = 2;
  private static final double GROWTH = 1.5;
  private static final double MOST_SECONDS = 60;

  private final Progress progress;
  private final long expectedCycles;
  private final double start;
  private double next;
  private double pause = FIRST_SECONDS;

  /**
   * Starts counting.
   *
   * @param expectedCycles by the cost model
   */
  public SimulationProgress(Progress progress, long expectedCycles) {
    this.progress = progress;
    this.expectedCycles = Math.max(1, expectedCycles);
    this.start = progress.elapsedSeconds();
    this.next = start + pause;
  }

  /** A cycle has been reached. */
  public void reached(long cycle) {
    double now = progress.elapsedSeconds();
    if (now < next || cycle <= 0) {
      return;
    }
    pause = Math.min(MOST_SECONDS, pause * GROWTH);
    next = now + pause;
    double share = Math.min(1, (double) cycle / expectedCycles);
    double left = (now - start) * (1 - share) / share;
    progress.say(
        String.format(
            Locale.ROOT,
            "simulated %,d of at least %,d cycles, %.3g %%, about %s left",
            cycle,
            expectedCycles,
            100 * share,
            duration(left)));
  }

  /** In the largest unit that gives a number of some size. */
  static String duration(double seconds) {
    if (seconds < 120) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    if (seconds < 2 * 3600) {
      return String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }
    if (seconds < 2 * 86_400) {
      return String.format(Locale.ROOT, "%.0f h", seconds / 3600);
    }
    return String.format(Locale.ROOT, "%,.0f days", seconds / 86_400);
  }
}
