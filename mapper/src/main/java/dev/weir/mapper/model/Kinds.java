package dev.weir.mapper.model;

import java.util.Arrays;

/**
 * Kinds of iterations. A loop has at most a handful: full tiles and a last one, of which the first
 * and the last may count apart. A kind is what the loops around a node do: the kind around the loop
 * and which of its iterations. Kinds are made when they first occur and stay; their ranges, by size
 * instead of by position, are worked out once an evaluation.
 */
final class Kinds {

  /** No iteration: what comes before the first and after the last. */
  static final int NONE = -1;

  /** Every range whole. */
  static final int WHOLE = 0;

  /** Bits of a code. The last tile, which may be shorter. */
  static final int LAST = 1;

  /** The first one of a loop whose first iteration counts apart. */
  static final int FIRST = 2;

  /** Full tiles beside the last one, in the last wave of a spatial loop. */
  static final int LAST_WAVE = 4;

  private static final int CODES = 8;

  private final Plan plan;
  private final Numbers numbers;
  private final int groups;
  private final int stride;

  private int count;
  private int[] parents = new int[16];
  private int[] loops = new int[16];
  private int[] codes = new int[16];
  private long[] first = new long[16];
  private long[] last = new long[16];
  private int[] children;

  private int evaluation;
  private int[] evaluated = new int[16];
  private long[] ends = new long[16];
  private long[] outer;
  private long[] inner;

  Kinds(Plan plan, Numbers numbers) {
    this.plan = plan;
    this.numbers = numbers;
    this.groups = numbers.steps.length;
    this.stride = plan.loops().size() * CODES;
    this.children = new int[16 * stride];
    this.outer = new long[16 * groups];
    this.inner = new long[16 * groups];
    add(NONE, 0, 0);
  }

  /** Starts anew with the numbers at hand. */
  void start() {
    evaluation++;
    evaluated[WHOLE] = evaluation;
    ends[WHOLE] = -1;
    for (int group = 0; group < groups; group++) {
      outer[group] = numbers.steps[group];
      inner[group] = numbers.innerRange(group, numbers.steps[group], true);
    }
  }

  int count() {
    return count;
  }

  /** Marks of the loops around that are in their first iteration. */
  long first(int kind) {
    return first[kind];
  }

  /** Marks of the loops around that are in their last iteration. */
  long last(int kind) {
    return last[kind];
  }

  /** Range of the rank of a loop. */
  long range(int kind, PlannedLoop loop) {
    return (loop.inner() ? inner : outer)[kind * groups + loop.group()];
  }

  private boolean atEnd(int kind, int group) {
    return (ends[kind] >> group & 1) != 0;
  }

  long sum(PathSum sum, Numbers values, int kind) {
    int at = kind * groups + sum.group();
    return sum.value(values, outer[at], atEnd(kind, sum.group()), inner[at]);
  }

  /** What a tensor's tile has of a group. */
  long share(Share share, int group, int kind) {
    int at = kind * groups + group;
    return share.of(numbers, group, outer[at], atEnd(kind, group), inner[at]);
  }

  /** Whether the last tile of a loop differs from the others but in its place. */
  boolean lastDiffers(int kind, PlannedLoop loop, long lastSize) {
    return lastSize != numbers.tiles[loop.number()]
        || (!loop.inner() && atEnd(kind, loop.group()) && !numbers.isEven(loop.group()));
  }

  /** Instances that work at the same time below a spatial loop around. */
  long together(int kind, PlannedLoop loop) {
    int at = kind;
    while (loops[at] != loop.number()) {
      at = parents[at];
    }
    if ((codes[at] & LAST) != 0) {
      return 1;
    }
    long instances = loop.instances();
    if ((codes[at] & LAST_WAVE) == 0) {
      return instances;
    }
    long range = range(parents[at], loop);
    long tile = numbers.tiles[loop.number()];
    long tiles = Math.ceilDiv(range, tile);
    long inLast = tiles - (Math.ceilDiv(tiles, instances) - 1) * instances;
    return range - (tiles - 1) * tile < tile ? inLast - 1 : inLast;
  }

  /** The kind of an iteration of a loop below a kind. */
  int child(int kind, PlannedLoop loop, int code) {
    int slot = kind * stride + loop.number() * CODES + code;
    int child = children[slot];
    if (child == 0) {
      child = add(kind, loop.number(), code);
      children[slot] = child;
    }
    if (evaluated[child] != evaluation) {
      evaluate(child, kind, loop, code);
    }
    return child;
  }

  private void evaluate(int child, int kind, PlannedLoop loop, int code) {
    evaluated[child] = evaluation;
    int from = kind * groups;
    int to = child * groups;
    System.arraycopy(outer, from, outer, to, groups);
    System.arraycopy(inner, from, inner, to, groups);
    ends[child] = ends[kind];
    boolean isLast = (code & LAST) != 0;
    long tile = numbers.tiles[loop.number()];
    long size = isLast ? (range(kind, loop) - 1) % tile + 1 : tile;
    int group = loop.group();
    if (loop.inner()) {
      inner[to + group] = size;
      return;
    }
    boolean atEnd = isLast && atEnd(kind, group);
    if (!atEnd) {
      ends[child] &= ~(1L << group);
    }
    outer[to + group] = size;
    inner[to + group] = numbers.innerRange(group, size, atEnd);
  }

  private int add(int parent, int loop, int code) {
    if (count == parents.length) {
      grow();
    }
    int kind = count++;
    parents[kind] = parent;
    loops[kind] = loop;
    codes[kind] = code;
    if (parent != NONE) {
      long bit = plan.loops().get(loop).bit();
      first[kind] = first[parent] | ((code & FIRST) != 0 ? bit : 0);
      last[kind] = last[parent] | ((code & LAST) != 0 ? bit : 0);
    } else {
      loops[kind] = -1;
    }
    return kind;
  }

  private void grow() {
    int size = count * 2;
    parents = Arrays.copyOf(parents, size);
    loops = Arrays.copyOf(loops, size);
    codes = Arrays.copyOf(codes, size);
    first = Arrays.copyOf(first, size);
    last = Arrays.copyOf(last, size);
    children = Arrays.copyOf(children, size * stride);
    evaluated = Arrays.copyOf(evaluated, size);
    ends = Arrays.copyOf(ends, size);
    outer = Arrays.copyOf(outer, size * groups);
    inner = Arrays.copyOf(inner, size * groups);
  }
}
