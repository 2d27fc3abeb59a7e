package dev.weir.simulator.engine;

import java.util.function.LongConsumer;

/**
 * How a simulation is run and watched. Nothing here changes what is simulated or its result.
 *
 * @param timelineSegments most segments that the timeline holds for each unit and each level
 * @param skipsSteadyStates whether cycles are left out that would only repeat what happened before;
 *     the timeline then ends where the first are left out
 * @param progress called now and then with the cycle that has been reached, on the calling thread
 */
public record SimulationOptions(
    int timelineSegments, boolean skipsSteadyStates, LongConsumer progress) {

  /** No timeline, no progress. */
  public static final SimulationOptions QUIET = new SimulationOptions(0, _ -> {});

  /** With steady states skipped. */
  public SimulationOptions(int timelineSegments, LongConsumer progress) {
    this(timelineSegments, true, progress);
  }

  public SimulationOptions {
    if (timelineSegments < 0) {
      throw new IllegalArgumentException(timelineSegments + " timeline segments");
    }
  }

  /** The same, executing every cycle. */
  public SimulationOptions withoutSkipping() {
    return new SimulationOptions(timelineSegments, false, progress);
  }
}
