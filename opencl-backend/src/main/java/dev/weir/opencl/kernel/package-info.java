/** Kernels as data: what lowering builds from a schedule and every printer reads. */
package dev.weir.opencl.kernel;
