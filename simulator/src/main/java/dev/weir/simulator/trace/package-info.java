/** Records what runs when, and writes it as a Perfetto trace. Nothing here changes a run. */
package dev.weir.simulator.trace;
