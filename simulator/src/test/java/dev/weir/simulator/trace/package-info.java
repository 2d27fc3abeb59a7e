/** Tests of recordings and traces. */
package dev.weir.simulator.trace;
