/**
 * From a schedule to kernels. It knows Einsums, loops and keeps, and nothing of attention; what it
 * cannot do it refuses with the place and the reason. Rules: {@code docs/kernels.md}.
 */
package dev.weir.opencl.lower;
