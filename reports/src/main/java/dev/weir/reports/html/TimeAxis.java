package dev.weir.reports.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The marks of an axis of cycles. */
public final class TimeAxis {

  private static final int TICKS = 8;

  /** One mark. */
  public record Tick(String x, String label) {}

  private TimeAxis() {}

  /**
   * At round numbers, about {@value #TICKS} of them.
   *
   * @param left where the first cycle lies
   * @param scale units of the view box a cycle
   */
  static List<Tick> ticks(long from, long to, int left, double scale) {
    long step = roundStep(Math.max(1, (to - from) / TICKS));
    List<Tick> ticks = new ArrayList<>();
    for (long at = Math.ceilDiv(from, step) * step; at <= to; at += step) {
      ticks.add(
          new Tick(
              String.format(Locale.ROOT, "%.1f", left + (at - from) * scale),
              String.format(Locale.ROOT, "%,d", at)));
    }
    return ticks;
  }

  private static long roundStep(long least) {
    long power = 1;
    while (power * 10 <= least) {
      power *= 10;
    }
    for (long factor : new long[] {1, 2, 5}) {
      if (power * factor >= least) {
        return power * factor;
      }
    }
    return power * 10;
  }
}
