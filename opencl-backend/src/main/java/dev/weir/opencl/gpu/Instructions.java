package dev.weir.opencl.gpu;

/**
 * Instructions of a kernel's text, each counted once however often it runs: of PTX for NVIDIA,
 * where {@code ptxas} still changes them, and of the machine for AMD.
 *
 * @param multiplyAdds fused multiply-adds in single precision
 * @param globalLoads loads from global memory
 * @param localLoads loads from local memory
 * @param barriers barriers of a work-group; a work-group of one wave needs none
 */
public record Instructions(long multiplyAdds, long globalLoads, long localLoads, long barriers) {}
