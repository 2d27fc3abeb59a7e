package dev.weir.opencl.gpu;

import java.util.Optional;

/**
 * A kernel that a target's compiler took.
 *
 * @param name its identifier
 * @param groupSize work-items of a work-group
 * @param instructions of its text
 * @param resources none where the last tool of the target is missing
 */
public record CompiledKernel(
    String name, long groupSize, Instructions instructions, Optional<Resources> resources) {}
