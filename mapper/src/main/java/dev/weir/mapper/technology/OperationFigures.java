package dev.weir.mapper.technology;

import java.util.Optional;

/**
 * What a functional unit costs by a table.
 *
 * @param picojoules energy of one operation
 * @param squareMillimetres area of the unit; empty when the table has none
 * @param source where both come from
 */
public record OperationFigures(
    double picojoules, Optional<Double> squareMillimetres, String source) {}
