/**
 * A schedule prepared for running: names resolved to numbers, every nest and every keep with the
 * cost of one execution as a function of the current ranges.
 */
package dev.weir.simulator.machine;
