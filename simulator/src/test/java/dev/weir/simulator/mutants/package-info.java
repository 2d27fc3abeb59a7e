/** Faults that are put into the simulator one at a time, to see that its tests notice each. */
package dev.weir.simulator.mutants;
