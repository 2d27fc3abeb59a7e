/** Schedules for cascades that nobody has written one for: plain, legal, and for any device. */
package dev.weir.opencl.plain;
