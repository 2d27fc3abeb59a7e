package dev.weir.simulator.stats;

import java.util.List;

/**
 * What ran when, in some windows of a run.
 *
 * @param cycles of the run, or that were simulated before it was interrupted
 * @param windows in their order, none touching the next; one when the whole run is recorded
 */
public record Timeline(long cycles, List<Window> windows) {

  /**
   * Consecutive cycles in which everything is recorded.
   *
   * @param startCycle first cycle
   * @param endCycle the cycle after the last
   * @param segments in order of their start; those at the borders may reach beyond them
   */
  public record Window(long startCycle, long endCycle, List<Segment> segments) {
    public Window {
      segments = List.copyOf(segments);
    }
  }

  public Timeline {
    windows = List.copyOf(windows);
  }
}
