package dev.weir.simulator.engine;

import java.util.function.LongConsumer;

/**
 * How a simulation is watched. Nothing here changes what is simulated or its result.
 *
 * @param timelineSegments most segments that the timeline holds for each unit and each level
 * @param progress called now and then with the cycle that has been reached, on the calling thread
 */
public record SimulationOptions(int timelineSegments, LongConsumer progress) {

  /** No timeline, no progress. */
  public static final SimulationOptions QUIET = new SimulationOptions(0, _ -> {});

  public SimulationOptions {
    if (timelineSegments < 0) {
      throw new IllegalArgumentException(timelineSegments + " timeline segments");
    }
  }
}
