package dev.weir.mapper.model;

import java.util.Arrays;
import java.util.List;

/**
 * Σ over all iterations of the loops on a path of the words of a tile at its end.
 *
 * <p>Ranges of different groups do not depend on each other, so the sum over all iterations is the
 * product over the groups of sums over the loops of one group; and a loop has at most two sizes of
 * tiles. Cost: groups × 2^(loops of a group), whatever the shapes are.
 */
final class PathProduct {

  /** How much of a loop counts; a sum of some of these. */
  static final int FIRST_TILE = 1;

  static final int LAST_TILE = 2;

  /** Instances at the same time count once, as long as the longest; for a spatial loop. */
  static final int IN_WAVES = 4;

  private final List<RankGroup> groups;
  private final List<PlannedLoop> loops;
  private final int[] modes;
  private final Share[] shares;
  private final int[][] loopsByGroup;

  /**
   * @param loops from the root of the tree
   * @param modes by loop; not modified
   * @param shares of the tensor, by group
   */
  PathProduct(List<RankGroup> groups, List<PlannedLoop> loops, int[] modes, Share[] shares) {
    this.groups = groups;
    this.loops = loops;
    this.modes = modes;
    this.shares = shares;
    this.loopsByGroup = new int[groups.size()][];
    int[] found = new int[loops.size()];
    for (int group = 0; group < groups.size(); group++) {
      int count = 0;
      for (int i = 0; i < found.length; i++) {
        if (loops.get(i).group() == group) {
          found[count++] = i;
        }
      }
      loopsByGroup[group] = Arrays.copyOf(found, count);
    }
  }

  /** Loops of the path whose first or last iteration this depends on. */
  long marks() {
    long marks = 0;
    for (int i = 0; i < modes.length; i++) {
      marks |= (modes[i] & (FIRST_TILE | LAST_TILE)) == 0 ? 0 : loops.get(i).bit();
    }
    return marks;
  }

  /**
   * The sum below a node.
   *
   * @param ranges ranges at the node
   * @param from how many loops of the path are around the node
   */
  long value(Ranges ranges, int from) {
    for (int i = 0; i < from; i++) {
      long bit = loops.get(i).bit();
      if (((modes[i] & FIRST_TILE) != 0 && !ranges.areFirst(bit))
          || ((modes[i] & LAST_TILE) != 0 && !ranges.areLast(bit))) {
        return 0;
      }
    }
    long product = 1;
    for (int group = 0; group < loopsByGroup.length && product != 0; group++) {
      int start = 0;
      while (start < loopsByGroup[group].length && loopsByGroup[group][start] < from) {
        start++;
      }
      if (start == loopsByGroup[group].length && shares[group] == Share.NONE) {
        continue;
      }
      long sum = sum(group, start, ranges.outer(group), ranges.atEnd(group), ranges.inner(group));
      product = Math.multiplyExact(product, sum);
    }
    return product;
  }

  private long sum(int group, int next, long outer, boolean atEnd, long inner) {
    if (next == loopsByGroup[group].length) {
      return shares[group].of(groups.get(group), outer, atEnd, inner);
    }
    PlannedLoop loop = loops.get(loopsByGroup[group][next]);
    int mode = modes[loopsByGroup[group][next]];
    long range = loop.inner() ? inner : outer;
    long tiles = Math.ceilDiv(range, loop.tile());
    long lastSize = range - (tiles - 1) * loop.tile();
    boolean needsFirst = (mode & FIRST_TILE) != 0;
    boolean needsLast = (mode & LAST_TILE) != 0;
    if (tiles == 1) {
      return tile(group, next, lastSize, outer, atEnd);
    }
    if (needsFirst && needsLast) {
      return 0;
    }
    if (needsLast) {
      return tile(group, next, lastSize, outer, atEnd);
    }
    long full = tile(group, next, loop.tile(), outer, loop.inner() && atEnd);
    if (needsFirst) {
      return full;
    }
    long last = tile(group, next, lastSize, outer, atEnd);
    if ((mode & IN_WAVES) != 0 && loop.axis().isPresent()) {
      return waves(tiles, loop.axis().get().instances(), full, last);
    }
    return Math.addExact(Math.multiplyExact(tiles - 1, full), last);
  }

  private static long waves(long tiles, long instances, long full, long last) {
    long waves = Math.ceilDiv(tiles, instances);
    boolean lastIsAlone = tiles - (waves - 1) * instances == 1;
    long inLastWave = lastIsAlone ? last : Math.max(full, last);
    return Math.addExact(Math.multiplyExact(waves - 1, full), inLastWave);
  }

  private long tile(int group, int next, long size, long outer, boolean atEnd) {
    if (loops.get(loopsByGroup[group][next]).inner()) {
      return sum(group, next + 1, outer, atEnd, size);
    }
    return sum(group, next + 1, size, atEnd, groups.get(group).innerRange(size, atEnd));
  }
}
