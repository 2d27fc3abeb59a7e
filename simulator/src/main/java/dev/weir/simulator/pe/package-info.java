/**
 * The engine that steps every processing element in every cycle and carries values: the oracle of
 * the tile-level engine. {@code docs/simulator.md} compares the two.
 */
package dev.weir.simulator.pe;
