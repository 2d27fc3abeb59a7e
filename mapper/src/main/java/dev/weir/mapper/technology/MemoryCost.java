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
    double readPicojoules, double writePicojoules, Optional<Double> squareMillimetres) {

  /** Of a memory of so many memories like this one, of which an access goes to one. */
  public MemoryCost ofBanks(long banks) {
    return new MemoryCost(
        readPicojoules, writePicojoules, squareMillimetres.map(area -> area * (double) banks));
  }
}
