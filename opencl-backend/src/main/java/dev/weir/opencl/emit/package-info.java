/** Prints kernels as OpenCL C 1.2. */
package dev.weir.opencl.emit;
