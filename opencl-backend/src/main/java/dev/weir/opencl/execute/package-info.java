/**
 * Runs kernels as data, without a device, and counts what they do: a referee for kernels, and the
 * bridge from a schedule's predicted accesses to those of the code that runs.
 */
package dev.weir.opencl.execute;
