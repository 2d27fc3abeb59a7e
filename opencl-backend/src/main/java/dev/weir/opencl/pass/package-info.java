/** Rewrites kernels: programs in, programs out. */
package dev.weir.opencl.pass;
