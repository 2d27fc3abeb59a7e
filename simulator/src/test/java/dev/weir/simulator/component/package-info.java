/** Timing of single components, to the cycle. */
package dev.weir.simulator.component;
