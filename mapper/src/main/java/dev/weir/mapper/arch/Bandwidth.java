package dev.weir.mapper.arch;

/**
 * Words that one instance of a level moves in a cycle.
 *
 * @param readWordsPerCycle for reads
 * @param writeWordsPerCycle for writes
 * @param shared whether reads and writes share the same ports; then both figures are equal and the
 *     sum of the words counts
 */
public record Bandwidth(Rational readWordsPerCycle, Rational writeWordsPerCycle, boolean shared) {

  public Bandwidth {
    if (readWordsPerCycle.numerator() == 0 || writeWordsPerCycle.numerator() == 0) {
      throw new IllegalArgumentException("bandwidth of 0 words per cycle");
    }
    if (shared && !readWordsPerCycle.equals(writeWordsPerCycle)) {
      throw new IllegalArgumentException("shared ports have one bandwidth");
    }
  }

  /** Least cycles that these words take. */
  public long cycles(long readWords, long writtenWords) {
    return shared
        ? readWordsPerCycle.ceilingOfQuotient(Math.addExact(readWords, writtenWords))
        : Math.max(
            readWordsPerCycle.ceilingOfQuotient(readWords),
            writeWordsPerCycle.ceilingOfQuotient(writtenWords));
  }
}
