/**
 * The state of a run as a value: noted, compared with an earlier one, moved on by whole periods.
 */
package dev.weir.simulator.state;
