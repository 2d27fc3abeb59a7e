/**
 * Devices and kernels on them, through JOCL: the only native code. {@link
 * dev.weir.opencl.runtime.DeviceSession} is the way in; it starts {@link
 * dev.weir.opencl.runtime.DeviceWorker}, which uses {@link dev.weir.opencl.runtime.KernelRunner}.
 */
package dev.weir.opencl.runtime;
