package dev.weir.mapper.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Σ over all iterations of the loops of one group on a path of what a tensor has of the group at
 * its end. Ranges of different groups do not depend on each other, so the words of all tiles on a
 * path are a product of such sums; and a loop has at most two sizes of tiles. Cost: 2^(loops of the
 * group), whatever the shapes are.
 */
final class PathSum {

  /** How much of a loop counts; a sum of some of these. */
  static final int FIRST_TILE = 1;

  static final int LAST_TILE = 2;

  /** Instances at the same time count once, as long as the longest; for a spatial loop. */
  static final int IN_WAVES = 4;

  /**
   * Iterations are not told apart: all of them count once, if in any of them something is done.
   * Where no point can be absent, that is the first tile, which is the largest.
   */
  static final int ANY_TILE = 8;

  /**
   * Of a loop that decides what is visited: the first visited iteration, see {@link VisitedSum}.
   */
  static final int EARLIEST = 16;

  /** The last visited one. */
  static final int LATEST = 32;

  static final int ONE_TILE = FIRST_TILE | ANY_TILE;

  /** What makes two of them equal. */
  record Key(int group, List<PlannedLoop> loops, List<Integer> modes, Share share) {}

  private final Key key;
  private final int group;
  private final Share share;
  private final int[] loops;
  private final boolean[] inner;
  private final int[] modes;
  private final long[] instances;

  private PathSum(Key key) {
    this.key = key;
    this.group = key.group();
    this.share = key.share();
    int count = key.loops().size();
    this.loops = new int[count];
    this.inner = new boolean[count];
    this.modes = new int[count];
    this.instances = new long[count];
    for (int i = 0; i < count; i++) {
      PlannedLoop loop = key.loops().get(i);
      loops[i] = loop.number();
      inner[i] = loop.inner();
      modes[i] = key.modes().get(i);
      instances[i] = loop.instances();
    }
  }

  /** The sum of this key. */
  static PathSum of(Key key) {
    return new PathSum(key);
  }

  /**
   * The key of an equal sum with as few loops as possible: sizes of the tiles of a range add up to
   * the range, so an innermost loop of which all tiles count needs no visit.
   */
  static Key key(int group, List<PlannedLoop> path, List<Integer> modes, Share end) {
    List<PlannedLoop> loops = new ArrayList<>(path);
    List<Integer> counted = new ArrayList<>(modes);
    Share share = end;
    while (!loops.isEmpty()) {
      PlannedLoop loop = loops.getLast();
      boolean inWaves = loop.spatial() && (counted.getLast() & IN_WAVES) != 0;
      boolean countsAll = (counted.getLast() & (ONE_TILE | LAST_TILE)) == 0 && !inWaves;
      Share without = countsAll ? addedUp(loop, share) : Share.BOTH;
      if (without == Share.BOTH) {
        break;
      }
      share = without;
      loops.removeLast();
      counted.removeLast();
    }
    return new Key(group, List.copyOf(loops), List.copyOf(counted), share);
  }

  /** What all tiles of a loop have together; {@link Share#BOTH} where that is not a share. */
  private static Share addedUp(PlannedLoop loop, Share share) {
    boolean single = loop.tile().isOne();
    return switch (share) {
      case NONE -> single ? (loop.inner() ? Share.INNER : Share.OUTER) : Share.BOTH;
      case OUTER -> loop.inner() ? Share.BOTH : Share.OUTER;
      case INNER -> loop.inner() ? Share.INNER : single ? Share.JOINED : Share.BOTH;
      case JOINED -> Share.JOINED;
      case BOTH -> Share.BOTH;
    };
  }

  Key key() {
    return key;
  }

  int group() {
    return group;
  }

  /** Whether it is 1 whatever the ranges are. */
  boolean isOne() {
    return loops.length == 0 && share == Share.NONE;
  }

  /**
   * The sum below a node.
   *
   * @param outer range of the outer part at the node
   * @param atEnd whether that contains the last step
   * @param innerRange range of the inner part
   */
  long value(Numbers numbers, long outer, boolean atEnd, long innerRange) {
    return sum(numbers, 0, outer, atEnd, innerRange);
  }

  private long sum(Numbers numbers, int next, long outer, boolean atEnd, long innerRange) {
    if (next == loops.length) {
      return share.of(numbers, group, outer, atEnd, innerRange);
    }
    long tile = numbers.tiles[loops[next]];
    long range = inner[next] ? innerRange : outer;
    if (range <= tile) {
      return tile(numbers, next, range, outer, atEnd);
    }
    int mode = modes[next];
    if ((mode & ONE_TILE) != 0) {
      return (mode & LAST_TILE) != 0 ? 0 : tile(numbers, next, tile, outer, inner[next] && atEnd);
    }
    long tiles = Math.ceilDiv(range, tile);
    long lastSize = range - (tiles - 1) * tile;
    if ((mode & LAST_TILE) != 0) {
      return tile(numbers, next, lastSize, outer, atEnd);
    }
    long full = tile(numbers, next, tile, outer, inner[next] && atEnd);
    boolean isTail = lastSize != tile || !(inner[next] || !atEnd || numbers.isEven(group));
    long last = isTail ? tile(numbers, next, lastSize, outer, atEnd) : full;
    if ((mode & IN_WAVES) != 0 && instances[next] > 1) {
      return waves(tiles, instances[next], full, last);
    }
    return Math.addExact(Math.multiplyExact(tiles - 1, full), last);
  }

  private static long waves(long tiles, long instances, long full, long last) {
    long waves = Math.ceilDiv(tiles, instances);
    boolean lastIsAlone = tiles - (waves - 1) * instances == 1;
    long inLastWave = lastIsAlone ? last : Math.max(full, last);
    return Math.addExact(Math.multiplyExact(waves - 1, full), inLastWave);
  }

  private long tile(Numbers numbers, int next, long size, long outer, boolean atEnd) {
    if (inner[next]) {
      return sum(numbers, next + 1, outer, atEnd, size);
    }
    return sum(numbers, next + 1, size, atEnd, numbers.innerRange(group, size, atEnd));
  }
}
