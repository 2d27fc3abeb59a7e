/** Tools that judge generated kernels: a simulator that finds races, and compilers for GPUs. */
package dev.weir.opencl.gate;
