/** Tests of noting states and moving them on. */
package dev.weir.simulator.state;
