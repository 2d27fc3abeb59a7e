/** Whole runs against the interpreter, the cost model and calculations by hand. */
package dev.weir.simulator.engine;
