package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Prepared;
import dev.weir.simulator.trace.Recorder;

/** What all activities of a run share. */
record Run(
    Prepared prepared, Clock clock, Recorder recorder, Waits waits, SteadyState steadyState) {}
