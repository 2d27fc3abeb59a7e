package dev.weir.cli;

/** A verb that turns a schedule into a kernel, for which only OpenCL devices serve as machines. */
interface MakesKernels {}
