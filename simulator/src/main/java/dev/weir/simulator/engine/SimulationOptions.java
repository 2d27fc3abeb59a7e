package dev.weir.simulator.engine;

import dev.weir.simulator.trace.TraceWindows;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * How a simulation is run and watched. Nothing here changes what is simulated or its result.
 *
 * @param windows what to record in detail; if given, the profile is recorded too
 * @param skipsSteadyStates whether cycles are left out that would only repeat what happened before;
 *     none of a window are
 * @param progress called now and then with the cycle that has been reached, on the calling thread
 */
public record SimulationOptions(
    Optional<TraceWindows> windows, boolean skipsSteadyStates, LongConsumer progress) {

  /** No recording, no progress. */
  public static final SimulationOptions QUIET = new SimulationOptions(Optional.empty(), _ -> {});

  /** With steady states skipped. */
  public SimulationOptions(Optional<TraceWindows> windows, LongConsumer progress) {
    this(windows, true, progress);
  }

  /** The same, executing every cycle. */
  public SimulationOptions withoutSkipping() {
    return new SimulationOptions(windows, false, progress);
  }
}
