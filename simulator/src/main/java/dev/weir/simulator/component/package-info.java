/** Hardware: ports, memories and arrays of processing elements, each with its own statistics. */
package dev.weir.simulator.component;
