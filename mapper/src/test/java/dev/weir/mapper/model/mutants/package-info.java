/** Faults that are put into the cost model one at a time, to see that its tests notice each. */
package dev.weir.mapper.model.mutants;
