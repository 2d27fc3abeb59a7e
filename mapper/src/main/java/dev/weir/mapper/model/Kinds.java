package dev.weir.mapper.model;

import java.util.Arrays;

/**
 * Kinds of iterations: the current ranges at a node, by size instead of by position, with what else
 * counts and times depend on. A loop has at most a handful of kinds of iterations: full tiles and a
 * last one, of which the first and the last may count apart. Equal kinds have one number, whatever
 * loops lead to them; numbers are given anew in every evaluation.
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

  /** Words of a kind: outer ranges, inner ranges, instances together, ends, first, last. */
  private final int width;

  private final int togetherAt;
  private final int endsAt;
  private final int firstAt;
  private final int lastAt;

  /** Odd numbers by which the words of a kind are mixed: the sum of all products is its hash. */
  private final long[] factors;

  private int evaluation;
  private int count;
  private long[] words;
  private long[] hashes = new long[16];

  /** By kind, loop and code: the evaluation in the upper half, the child in the lower. */
  private long[] children;

  private int[] table = new int[64];
  private int[] tableEvaluation = new int[64];

  Kinds(Plan plan, Numbers numbers) {
    this.plan = plan;
    this.numbers = numbers;
    this.groups = numbers.steps.length;
    this.stride = plan.loops().size() * CODES;
    this.togetherAt = 2 * groups;
    this.endsAt = togetherAt + plan.waveCount();
    this.firstAt = endsAt + 1;
    this.lastAt = endsAt + 2;
    this.width = endsAt + 3;
    this.factors = new long[width];
    for (int i = 0; i < width; i++) {
      factors[i] = (i + 1) * 0x9E3779B97F4A7C15L | 1;
    }
    this.words = new long[16 * width];
    this.children = new long[16 * stride];
  }

  /** Starts anew with the numbers at hand. */
  void start() {
    evaluation++;
    count = 0;
    for (int group = 0; group < groups; group++) {
      words[group] = numbers.steps[group];
      words[groups + group] = numbers.innerRange(group, numbers.steps[group], true);
    }
    Arrays.fill(words, togetherAt, endsAt, 0);
    words[endsAt] = -1;
    words[firstAt] = 0;
    words[lastAt] = 0;
    long hash = 0;
    for (int i = 0; i < width; i++) {
      hash += words[i] * factors[i];
    }
    hashes[0] = hash;
    interned();
  }

  /** Marks of the loops around that are in their first iteration. */
  long first(int kind) {
    return words[kind * width + firstAt];
  }

  /** Marks of the loops around that are in their last iteration. */
  long last(int kind) {
    return words[kind * width + lastAt];
  }

  /** Range of the rank of a loop. */
  long range(int kind, PlannedLoop loop) {
    return words[kind * width + (loop.inner() ? groups : 0) + loop.group()];
  }

  /** Range of a part of a group. */
  long extent(int kind, int group, boolean inner) {
    return words[kind * width + (inner ? groups : 0) + group];
  }

  private boolean atEnd(int kind, int group) {
    return (words[kind * width + endsAt] >> group & 1) != 0;
  }

  long sum(PathSum sum, Numbers values, int kind) {
    int at = kind * width + sum.group();
    return sum.value(values, words[at], atEnd(kind, sum.group()), words[at + groups]);
  }

  /** What a tensor's tile has of a group. */
  long share(Share share, int group, int kind) {
    int at = kind * width + group;
    return share.of(numbers, group, words[at], atEnd(kind, group), words[at + groups]);
  }

  /** Whether the last tile of a loop differs from the others but in its place. */
  boolean lastDiffers(int kind, PlannedLoop loop, long lastSize) {
    return lastSize != numbers.tiles[loop.number()]
        || (!loop.inner() && atEnd(kind, loop.group()) && !numbers.isEven(loop.group()));
  }

  /** Instances that work at the same time below a spatial loop around. */
  long together(int kind, PlannedLoop loop) {
    return words[kind * width + togetherAt + loop.wave()];
  }

  /** The kind of an iteration of a loop below a kind. */
  int child(int kind, PlannedLoop loop, int code) {
    int slot = kind * stride + loop.number() * CODES + code;
    long known = children[slot];
    if (known >> 32 == evaluation) {
      return (int) known;
    }
    if ((count + 1) * width > words.length) {
      grow();
    }
    write(kind, loop, code);
    int child = interned();
    children[slot] = (long) evaluation << 32 | child;
    return child;
  }

  /** Writes a kind behind the last one. */
  private void write(int kind, PlannedLoop loop, int code) {
    int from = kind * width;
    int to = count * width;
    System.arraycopy(words, from, words, to, width);
    hashes[count] = hashes[kind];
    boolean isLast = (code & LAST) != 0;
    long tile = numbers.tiles[loop.number()];
    long range = range(kind, loop);
    long size = isLast ? lastSize(range, tile) : tile;
    int group = loop.group();
    if (loop.inner()) {
      set(groups + group, size);
    } else {
      boolean atEnd = isLast && atEnd(kind, group);
      if (!atEnd && !numbers.isEven(group)) {
        set(endsAt, words[to + endsAt] & ~(1L << group));
      }
      set(group, size);
      set(groups + group, numbers.innerRange(group, size, atEnd));
    }
    if ((code & FIRST) != 0) {
      set(firstAt, words[to + firstAt] | loop.bit());
    }
    if (isLast && plan.nodes().marksLast(loop)) {
      set(lastAt, words[to + lastAt] | loop.bit());
    }
    if (loop.wave() >= 0) {
      set(togetherAt + loop.wave(), inWave(loop, code, range, tile));
    }
  }

  /** Changes a word of the kind behind the last one. */
  private void set(int word, long value) {
    int at = count * width + word;
    hashes[count] += (value - words[at]) * factors[word];
    words[at] = value;
  }

  private static long lastSize(long range, long tile) {
    return range <= tile ? range : (range - 1) % tile + 1;
  }

  private static long inWave(PlannedLoop loop, int code, long range, long tile) {
    long instances = loop.instances();
    if ((code & LAST) != 0) {
      return 1;
    }
    if ((code & LAST_WAVE) == 0) {
      return instances;
    }
    long tiles = Math.ceilDiv(range, tile);
    long inLast = tiles - (Math.ceilDiv(tiles, instances) - 1) * instances;
    return range - (tiles - 1) * tile < tile ? inLast - 1 : inLast;
  }

  /** The number of the kind written behind the last one. */
  private int interned() {
    int from = count * width;
    long hash = hashes[count];
    int mask = table.length - 1;
    int slot = (int) (hash >>> 32) & mask;
    while (tableEvaluation[slot] == evaluation) {
      int other = table[slot];
      if (hashes[other] == hash && isSame(other * width, from)) {
        return other;
      }
      slot = (slot + 1) & mask;
    }
    table[slot] = count;
    tableEvaluation[slot] = evaluation;
    return count++;
  }

  private boolean isSame(int left, int right) {
    for (int i = 0; i < width; i++) {
      if (words[left + i] != words[right + i]) {
        return false;
      }
    }
    return true;
  }

  private void grow() {
    int size = (count + 1) * 2;
    words = Arrays.copyOf(words, size * width);
    hashes = Arrays.copyOf(hashes, size);
    children = Arrays.copyOf(children, size * stride);
    table = new int[Integer.highestOneBit(size) * 4];
    tableEvaluation = new int[table.length];
    for (int kind = 0; kind < count; kind++) {
      int slot = (int) (hashes[kind] >>> 32) & (table.length - 1);
      while (tableEvaluation[slot] == evaluation) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = kind;
      tableEvaluation[slot] = evaluation;
    }
  }
}
