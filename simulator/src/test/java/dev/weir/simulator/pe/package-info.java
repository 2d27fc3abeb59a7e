/** Tests of the engine that steps every processing element. */
package dev.weir.simulator.pe;
