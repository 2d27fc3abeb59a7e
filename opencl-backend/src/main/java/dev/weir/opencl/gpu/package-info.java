/** Compiles kernels for GPUs that need not be there and reads what they would occupy. */
package dev.weir.opencl.gpu;
