/** Faults planted into kernels, to show that what checks kernels finds them. */
package dev.weir.opencl.fault;
