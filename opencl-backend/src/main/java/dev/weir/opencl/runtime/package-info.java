/** Devices and kernels on them, through JOCL: the only native code. */
package dev.weir.opencl.runtime;
