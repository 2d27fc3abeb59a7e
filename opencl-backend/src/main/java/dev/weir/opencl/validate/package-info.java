/**
 * Runs kernels on a device and compares them with the reference evaluator, within derived bounds.
 */
package dev.weir.opencl.validate;
