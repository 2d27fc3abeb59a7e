/** Turns a schedule into OpenCL kernels, runs them on a device and checks the result. */
package dev.weir.opencl;
