package dev.weir.simulator.trace;

/**
 * Which cycles of a run are recorded in detail: so many from its start, from its middle on, and to
 * its end. Where windows meet, they become one; a run that is short enough is recorded as a whole.
 *
 * @param cycles of each window
 * @param expectedCycles of the whole run, to find its middle; a rough value is enough
 * @param leastCycles that the run certainly takes: what cannot be in the last window is not kept; 0
 *     if nothing is known
 * @param mostSegments of each window; one that has more ends early, or begins late if it is the
 *     last one, so that a recording always fits into memory
 */
public record TraceWindows(long cycles, long expectedCycles, long leastCycles, int mostSegments) {

  /** Fits into some hundred megabytes, and is more than anybody looks at. */
  public static final int MOST_SEGMENTS = 200_000;

  public TraceWindows {
    if (cycles < 1 || expectedCycles < 0 || leastCycles < 0 || mostSegments < 1) {
      throw new IllegalArgumentException(
          "windows of %d cycles and %d segments, of %d and at least %d cycles"
              .formatted(cycles, mostSegments, expectedCycles, leastCycles));
    }
  }

  /** Windows of a run of about so many cycles, perhaps less. */
  public TraceWindows(long cycles, long expectedCycles) {
    this(cycles, expectedCycles, 0, MOST_SEGMENTS);
  }

  /** Where the window in the middle begins, if it does not touch the first one. */
  long middle() {
    return Math.max(cycles, expectedCycles / 2 - cycles / 2);
  }
}
