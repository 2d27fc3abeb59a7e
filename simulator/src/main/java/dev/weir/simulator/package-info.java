/** Runs a schedule on an architecture cycle by cycle and names the reason of every stall. */
package dev.weir.simulator;
