/** Tests of what a device can do at best. */
package dev.weir.opencl.probe;
