/** Time: what runs when, in whole cycles, and who waits for whom. */
package dev.weir.simulator.engine;
