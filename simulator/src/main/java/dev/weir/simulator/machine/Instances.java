package dev.weir.simulator.machine;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Sums over the instances of the spatial loops around a place that run in the current wave. A
 * process walks the place as its first instance; the last one may have shorter tiles.
 */
final class Instances {

  /** How the instances of one loop count. */
  enum Mode {
    /** Each for itself. */
    EACH,
    /** All together as one, in the first wave. */
    ONCE,
    /** Only the first, which has the most. */
    BUSIEST
  }

  private final List<Loop> path;
  private final boolean hasSpatial;

  /**
   * For a place.
   *
   * @param path loops around it, outermost first
   */
  Instances(List<Loop> path) {
    this.path = List.copyOf(path);
    this.hasSpatial = path.stream().anyMatch(Loop::isSpatial);
  }

  List<Loop> path() {
    return path;
  }

  boolean hasSpatial() {
    return hasSpatial;
  }

  /**
   * The sum.
   *
   * @param modes one a loop of the path; those of temporal loops are not looked at
   * @param leaf value at one instance
   */
  long sum(Ranges ranges, List<Mode> modes, ToLongFunction<Ranges> leaf) {
    return hasSpatial ? sum(ranges, 0, modes, leaf) : leaf.applyAsLong(ranges);
  }

  private long sum(Ranges ranges, int from, List<Mode> modes, ToLongFunction<Ranges> leaf) {
    int at = from;
    while (at < path.size() && !path.get(at).isSpatial()) {
      at++;
    }
    if (at == path.size()) {
      return leaf.applyAsLong(ranges);
    }
    Loop loop = path.get(at);
    return switch (modes.get(at)) {
      case BUSIEST -> sum(ranges, at + 1, modes, leaf);
      case ONCE -> ranges.isFirst(loop) ? sum(ranges, at + 1, modes, leaf) : 0;
      case EACH -> each(ranges, at, modes, leaf);
    };
  }

  private long each(Ranges ranges, int at, List<Mode> modes, ToLongFunction<Ranges> leaf) {
    Loop loop = path.get(at);
    long tiles = ranges.tilesInWave(loop);
    long first = sum(ranges, at + 1, modes, leaf);
    if (tiles == 1) {
      return first;
    }
    if (!ranges.endsShort(loop)) {
      return Math.multiplyExact(tiles, first);
    }
    Ranges last = ranges.copy();
    long lastValue = select(ranges, last, at, tiles - 1) ? sum(last, at + 1, modes, leaf) : 0;
    return Math.addExact(Math.multiplyExact(tiles - 1, first), lastValue);
  }

  /**
   * Moves a copy to another instance of a loop, at the same steps of all loops below.
   *
   * @return false when that instance has no such step
   */
  boolean select(Ranges original, Ranges copy, int at, long tile) {
    for (int below = path.size() - 1; below > at; below--) {
      copy.leave(path.get(below));
    }
    copy.select(path.get(at), tile);
    for (int below = at + 1; below < path.size(); below++) {
      if (!copy.follow(path.get(below), original.offset(path.get(below)))) {
        return false;
      }
    }
    return true;
  }
}
