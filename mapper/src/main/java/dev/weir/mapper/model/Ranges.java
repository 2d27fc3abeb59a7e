package dev.weir.mapper.model;

import java.util.Arrays;
import java.util.List;

/**
 * The current ranges at a node, by size instead of by position: all that counts and times depend
 * on. Iterations with equal ranges are alike, so a loop has a handful of kinds of iterations
 * however many there are.
 */
final class Ranges {

  /** No iteration: what comes before the first and after the last. */
  static final Ranges NONE = new Ranges(new long[0], new long[0], new long[0], 0, 0, 0);

  private final long[] outer;
  private final long[] inner;
  private final long[] together;
  private final long ends;
  private final long first;
  private final long last;
  private final int hash;

  private Ranges(long[] outer, long[] inner, long[] together, long ends, long first, long last) {
    this.outer = outer;
    this.inner = inner;
    this.together = together;
    this.ends = ends;
    this.first = first;
    this.last = last;
    int mixed = 31 * Arrays.hashCode(outer) + Arrays.hashCode(inner);
    mixed = 31 * mixed + Arrays.hashCode(together);
    this.hash =
        31 * (31 * (31 * mixed + Long.hashCode(ends)) + Long.hashCode(first)) + Long.hashCode(last);
  }

  /**
   * Every range whole.
   *
   * @param loops how many loops of the tree are numbered
   */
  static Ranges whole(List<RankGroup> groups, int loops) {
    long[] outer = groups.stream().mapToLong(RankGroup::steps).toArray();
    long[] inner =
        groups.stream().mapToLong(group -> group.innerRange(group.steps(), true)).toArray();
    return new Ranges(outer, inner, new long[loops], (1L << groups.size()) - 1, 0, 0);
  }

  /** Whether this is no iteration. */
  boolean isNone() {
    return outer.length == 0;
  }

  long outer(int group) {
    return outer[group];
  }

  long inner(int group) {
    return inner[group];
  }

  /** Whether the range of the outer part contains the last step. */
  boolean atEnd(int group) {
    return (ends >> group & 1) != 0;
  }

  /** Range of the rank of a loop. */
  long of(PlannedLoop loop) {
    return loop.inner() ? inner[loop.group()] : outer[loop.group()];
  }

  /** Whether all loops of a mask are in their first iteration. */
  boolean areFirst(long loops) {
    return (first & loops) == loops;
  }

  /** Whether all loops of a mask are in their last iteration. */
  boolean areLast(long loops) {
    return (last & loops) == loops;
  }

  /** Instances that work at the same time below a spatial loop. */
  long together(PlannedLoop loop) {
    return together[loop.number()];
  }

  /**
   * The ranges in one tile of a loop.
   *
   * @param size coordinates of the tile
   * @param isLast whether it is the last tile of the current range
   * @param marks which of {@code first} and {@code last} to set in the mark of the loop
   */
  Ranges in(PlannedLoop loop, RankGroup group, long size, boolean isLast, Marks marks) {
    long[] newOuter = outer;
    long[] newInner = inner.clone();
    long newEnds = ends;
    if (loop.inner()) {
      newInner[loop.group()] = size;
    } else {
      newOuter = outer.clone();
      newOuter[loop.group()] = size;
      boolean atEnd = isLast && atEnd(loop.group());
      boolean matters = group.innerShape() != group.lastInnerShape();
      newEnds = atEnd || !matters ? ends : ends & ~(1L << loop.group());
      newInner[loop.group()] = group.innerRange(size, atEnd);
    }
    return new Ranges(
        newOuter,
        newInner,
        marks.together() == 0 || loop.number() < 0
            ? together
            : with(together, loop.number(), marks.together()),
        newEnds,
        marks.first() | first,
        marks.last() | last);
  }

  /**
   * What to remember of an iteration.
   *
   * @param first the loop's bit when it is the first iteration and anything depends on that
   * @param last the same for the last one
   * @param together instances at the same time; 0 for a temporal loop
   */
  record Marks(long first, long last, long together) {}

  private static long[] with(long[] values, int index, long value) {
    long[] copy = values.clone();
    copy[index] = value;
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Ranges that
            && hash == that.hash
            && ends == that.ends
            && first == that.first
            && last == that.last
            && Arrays.equals(outer, that.outer)
            && Arrays.equals(inner, that.inner)
            && Arrays.equals(together, that.together));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
