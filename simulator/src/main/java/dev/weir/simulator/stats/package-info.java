/** What a simulation finds out: cycles, counts, where the time of every unit and level went. */
package dev.weir.simulator.stats;
