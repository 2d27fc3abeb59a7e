package dev.weir.mapper.arch;

import dev.weir.einsum.analysis.OperationKind;
import java.util.OptionalInt;

/**
 * Another way to do an operation, which a schedule may choose for a compute.
 *
 * @param name what schedules call it
 * @param of the operation
 * @param degree of the polynomial that approximates it, where one does
 * @param cost what it costs then
 */
public record OperationVariant(
    VariantName name, OperationKind of, OptionalInt degree, OperationCost cost) {}
