package dev.weir.cli.experiment;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Says how far a simulation has come, in percent of what the cost model says of its length, how
 * many cycles it simulates a second, and how long the rest will take if it goes on like this. The
 * lines become rarer, so that a long run does not fill the screen.
 */
public final class SimulationProgress {

  private static final double FIRST_SECONDS = 2;
  private static final double GROWTH = 1.5;
  private static final double MOST_SECONDS = 60;

  private final DoubleSupplier elapsedSeconds;
  private final Consumer<String> say;
  private final long expectedCycles;
  private final double start;
  private double next;
  private double pause = FIRST_SECONDS;

  /**
   * Starts counting.
   *
   * @param elapsedSeconds a clock
   * @param say where lines go
   * @param expectedCycles by the cost model
   */
  public SimulationProgress(
      DoubleSupplier elapsedSeconds, Consumer<String> say, long expectedCycles) {
    this.elapsedSeconds = elapsedSeconds;
    this.say = say;
    this.expectedCycles = Math.max(1, expectedCycles);
    this.start = elapsedSeconds.getAsDouble();
    this.next = start + pause;
  }

  /** A cycle has been reached. */
  public void reached(long cycle) {
    double now = elapsedSeconds.getAsDouble();
    if (now < next || cycle <= 0) {
      return;
    }
    pause = Math.min(MOST_SECONDS, pause * GROWTH);
    next = now + pause;
    double share = (double) cycle / expectedCycles;
    String pace = rate(cycle / (now - start));
    if (share >= 1) {
      say.accept(
          String.format(
              Locale.ROOT,
              "simulated %,d cycles so far, beyond the cost model's %,d and not at the end yet, %s"
                  + " cycles/s",
              cycle,
              expectedCycles,
              pace));
      return;
    }
    double left = (now - start) * (1 - share) / share;
    say.accept(
        String.format(
            Locale.ROOT,
            "simulated %,d of at least %,d cycles, %.3g %%, %s cycles/s, about %s left",
            cycle,
            expectedCycles,
            100 * share,
            pace,
            duration(left)));
  }

  /** The end, where lines said how far it was: no line before it is mistaken for the result. */
  public void finished(long cycles) {
    if (next > start + FIRST_SECONDS) {
      say.accept(String.format(Locale.ROOT, "simulated all %,d cycles, to the end", cycles));
    }
  }

  /** In about three digits. */
  static String rate(double perSecond) {
    if (perSecond < 1e3) {
      return digits(perSecond);
    }
    return perSecond < 1e6
        ? digits(perSecond / 1e3) + " thousand"
        : digits(perSecond / 1e6) + " million";
  }

  private static String digits(double number) {
    int behindThePoint = number < 10 ? 2 : number < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%,." + behindThePoint + "f", number);
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
