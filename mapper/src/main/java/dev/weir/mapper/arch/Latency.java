package dev.weir.mapper.arch;

/**
 * How long a memory level takes to answer, however few words move. The simulators obey it, the cost
 * model does not: its times are bounds from below.
 *
 * @param readCycles cycles from a request to its first word
 * @param writeCycles cycles from the last word that is written until it can be read
 */
public record Latency(long readCycles, long writeCycles) {

  /** Words come and go at once. */
  public static final Latency NONE = new Latency(0, 0);

  public Latency {
    if (readCycles < 0 || writeCycles < 0) {
      throw new IllegalArgumentException(readCycles + " and " + writeCycles + " cycles");
    }
  }
}
