package dev.weir.simulator.machine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Costs by what they depend on in the current ranges. Tiles have few sizes, so nearly every look-up
 * finds the entry of the one before.
 *
 * @param <T> the cost
 */
final class Memo<T> {

  private static final class Key {
    private final long[] state;

    Key(long[] state) {
      this.state = state;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(state, key.state);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(state);
    }
  }

  private final int[] extents;
  private final int[] ends;
  private final int[] lows;
  private final Loop[] marks;
  private final Loop[] instances;
  private final Map<Key, T> known = new HashMap<>();
  private final long[] probe;
  private final long[] latestState;
  private T latest;

  /**
   * A memo of costs.
   *
   * @param extents ranks whose extent matters
   * @param lows ranks whose coordinates matter
   * @param marks loops of which it matters whether they are in their first and last step
   * @param path loops around the place; they matter when there are spatial ones among them
   */
  Memo(Ranks ranks, List<Integer> extents, List<Integer> lows, List<Loop> marks, List<Loop> path) {
    this.extents = extents.stream().mapToInt(Integer::intValue).distinct().toArray();
    this.ends = Arrays.stream(this.extents).filter(ranks::hasShortLastStep).toArray();
    this.lows = lows.stream().mapToInt(Integer::intValue).distinct().toArray();
    this.marks = marks.toArray(Loop[]::new);
    this.instances =
        path.stream().anyMatch(Loop::isSpatial) ? path.toArray(Loop[]::new) : new Loop[0];
    probe =
        new long
            [this.extents.length
                + ends.length
                + this.lows.length
                + this.marks.length
                + 3 * instances.length];
    latestState = new long[probe.length];
  }

  /** The cost here, worked out if it is not known yet. */
  T get(Ranges ranges, Function<Ranges, T> cost) {
    describe(ranges);
    if (latest != null && Arrays.equals(probe, latestState)) {
      return latest;
    }
    T found = known.get(new Key(probe));
    if (found == null) {
      found = cost.apply(ranges);
      known.put(new Key(probe.clone()), found);
    }
    System.arraycopy(probe, 0, latestState, 0, probe.length);
    latest = found;
    return found;
  }

  private void describe(Ranges ranges) {
    int at = 0;
    for (int rank : extents) {
      probe[at++] = ranges.extent[rank];
    }
    for (int rank : ends) {
      probe[at++] = ranges.touchesEnd(rank) ? 1 : 0;
    }
    for (int rank : lows) {
      probe[at++] = ranges.low[rank];
    }
    for (Loop loop : marks) {
      probe[at++] = (ranges.isFirst(loop) ? 1L : 0L) + (ranges.isLast(loop) ? 2L : 0L);
    }
    for (Loop loop : instances) {
      probe[at++] = ranges.offset(loop);
      probe[at++] = ranges.ahead(loop);
      probe[at++] = ranges.touchesEnd(loop.rank()) ? 1 : 0;
    }
  }
}
