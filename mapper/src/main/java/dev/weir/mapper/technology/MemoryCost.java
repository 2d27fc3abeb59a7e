package dev.weir.mapper.technology;

import java.util.Optional;

/**
 * What a memory costs by a table.
 *
 * @param readPicojoules energy of reading a word
 * @param writePicojoules energy of writing a word
 * @param squareMillimetres area of one instance; empty when the table has none
 */
public record MemoryCost(
    double readPicojoules, double writePicojoules, Optional<Double> squareMillimetres) {}
