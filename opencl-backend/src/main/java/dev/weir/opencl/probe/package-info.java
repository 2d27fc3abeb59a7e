/** What a device can do at best, measured in the same run as what kernels make of it. */
package dev.weir.opencl.probe;
