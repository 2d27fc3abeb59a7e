package dev.weir.simulator.pe;

/**
 * The current ranges around a nest as each processing element sees them, when spatial loops outside
 * the nest give elements different tiles.
 */
final class Surroundings {

  /** Of no element. */
  static final Surroundings NONE = new Surroundings(new CurrentRanges[0], new boolean[0], true);

  private final CurrentRanges[] ranges;
  private final boolean[] isThere;
  private final boolean isEven;

  private Surroundings(CurrentRanges[] ranges, boolean[] isThere, boolean isEven) {
    this.ranges = ranges;
    this.isThere = isThere;
    this.isEven = isEven;
  }

  /**
   * Of every element of a grid.
   *
   * @param steps where the process stands
   * @param isAlike whether elements differ by offsets only as long as their surroundings do
   */
  static Surroundings of(
      Nest nest, Grid grid, RankSpace space, long[] steps, CurrentRanges leader, boolean isAlike) {
    if (!nest.path().hasSpatial() && isAlike) {
      return new Surroundings(new CurrentRanges[0], new boolean[0], true);
    }
    CurrentRanges[] ranges = new CurrentRanges[grid.size()];
    boolean[] isThere = new boolean[grid.size()];
    boolean isEven = isAlike;
    long[] lanes = new long[nest.path().depth()];
    for (int element = 0; element < ranges.length; element++) {
      for (int d = 0; d < grid.directions(); d++) {
        if (!nest.directions().get(d).isInNest()) {
          lanes[nest.directions().get(d).depth()] = grid.position(element, d);
        }
      }
      ranges[element] = new CurrentRanges(space);
      isThere[element] = nest.path().ranges(ranges[element], steps, lanes);
      isEven &= isThere[element] && ranges[element].isAsLargeAs(leader);
    }
    return new Surroundings(ranges, isThere, isEven);
  }

  /** Whether every element has a point in every step, an offset away from the first one's. */
  boolean isEven() {
    return isEven;
  }

  /** Puts an element's ranges there; false when it has no tile. */
  boolean enter(int element, CurrentRanges into) {
    if (!isThere[element]) {
      return false;
    }
    into.take(ranges[element]);
    return true;
  }
}
