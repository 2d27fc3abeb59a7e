package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Prepared;

/** What all activities of a run share. */
record Run(Prepared prepared, Clock clock, TimelineRecorder timeline, SteadyState steadyState) {}
