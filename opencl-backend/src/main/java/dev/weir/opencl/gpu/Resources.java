package dev.weir.opencl.gpu;

import java.util.OptionalInt;

/**
 * What a kernel occupies on a GPU, by its compiler.
 *
 * @param vectorRegisters of 32 bits, of a work-item
 * @param scalarRegisters of a wave; none where the GPU has no such registers
 * @param spills what did not fit
 * @param stackBytes memory of a work-item outside registers: arrays with indices that are no
 *     constants, and spills
 * @param localBytes local memory of a work-group
 * @param occupancy what fits a compute unit
 */
public record Resources(
    int vectorRegisters,
    OptionalInt scalarRegisters,
    Spills spills,
    long stackBytes,
    long localBytes,
    Occupancy occupancy) {}
