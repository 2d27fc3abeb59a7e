package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.mapper.model.Interval.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How many iterations of some loops have a present point, exactly. A condition couples the ranks
 * that it reads, so the loops over them are counted together: iterations in which it always, or
 * never, holds are counted at once, the others are divided further.
 */
final class PresentPoints {

  /** More points than this are not visited one by one. */
  private static final long MOST_POINTS = 1L << 22;

  /** What makes two of them equal. */
  record Key(Condition condition, List<PlannedLoop> loops, List<Integer> modes) {}

  private final RankTable ranks;
  private final Key key;
  private final Set<Integer> groups = new TreeSet<>();

  /** Loops whose iterations are told apart, the outermost first. */
  private final List<PlannedLoop> told = new ArrayList<>();

  private final List<Integer> modes = new ArrayList<>();

  /** By told loop: iterations of the loops from it on, if all points were present. */
  private final List<List<PathSum>> free = new ArrayList<>();

  /** By told loop: groups in which no loop from it on is told apart. */
  private final List<List<Integer>> merged = new ArrayList<>();

  /** Iterations of all loops, if all points were present. */
  private final List<PathSum> dense;

  private final boolean isTangled;
  private final boolean isShiftInvariant;

  private PresentPoints(RankTable ranks, Key key) {
    this.ranks = ranks;
    this.key = key;
    boolean tangled = false;
    for (int i = 0; i < key.loops().size(); i++) {
      PlannedLoop loop = key.loops().get(i);
      groups.add(loop.group());
      if ((key.modes().get(i) & PathSum.ANY_TILE) == 0) {
        told.add(loop);
        modes.add(key.modes().get(i));
        tangled |= isBelowMerged(i);
      }
    }
    key.condition().ranks().forEach(rank -> groups.add(ranks.place(rank).group()));
    for (int i = 0; i <= told.size(); i++) {
      List<PlannedLoop> left = told.subList(i, told.size());
      free.add(sums(left, modes.subList(i, told.size())));
      merged.add(
          groups.stream()
              .filter(group -> left.stream().noneMatch(loop -> loop.group() == group))
              .toList());
    }
    this.dense = sums(key.loops(), key.modes());
    this.isTangled = tangled;
    this.isShiftInvariant = new Shifts(ranks).changesNothing(key.condition());
  }

  /**
   * Iterations with a present point.
   *
   * @param key the condition, and the loops over all ranks that it couples; of a loop with {@link
   *     PathSum#ANY_TILE} iterations are not told apart
   */
  static PresentPoints of(RankTable ranks, Key key) {
    return new PresentPoints(ranks, key);
  }

  /** A loop that is told apart, below one of the same rank that is not. */
  private boolean isBelowMerged(int at) {
    PlannedLoop loop = key.loops().get(at);
    for (int i = 0; i < at; i++) {
      PlannedLoop around = key.loops().get(i);
      if ((key.modes().get(i) & PathSum.ANY_TILE) != 0
          && around.group() == loop.group()
          && (!around.inner() || loop.inner())) {
        return true;
      }
    }
    return false;
  }

  private List<PathSum> sums(List<PlannedLoop> loops, List<Integer> counted) {
    List<PathSum> sums = new ArrayList<>();
    for (int group : groups) {
      List<PlannedLoop> ofGroup = new ArrayList<>();
      List<Integer> modesOfGroup = new ArrayList<>();
      for (int i = 0; i < loops.size(); i++) {
        if (loops.get(i).group() == group) {
          ofGroup.add(loops.get(i));
          modesOfGroup.add(counted.get(i));
        }
      }
      PathSum sum = PathSum.of(PathSum.key(group, ofGroup, modesOfGroup, Share.NONE));
      if (!sum.isOne()) {
        sums.add(sum);
      }
    }
    return sums;
  }

  /** Whether iterations are told apart below others of the same rank that are not. */
  boolean isTangled() {
    return isTangled;
  }

  /** A count that begins in boxes in which iterations of other loops lie. */
  Count in(Numbers numbers) {
    return new Count(numbers);
  }

  /** Whether they are too many to count. */
  boolean isTooLarge(Numbers numbers) {
    if (!isTangled) {
      return false;
    }
    double points = 1;
    for (int group : groups) {
      points *= (double) numbers.steps[group] * numbers.innerShape[group];
    }
    return points > MOST_POINTS;
  }

  /** The number; where points are too many to count, as if all were present. */
  long count(Numbers numbers) {
    if (isTooLarge(numbers)) {
      return asIfAll(numbers);
    }
    Box whole = Box.over(groups, ranks, numbers);
    if (isTangled) {
      Set<List<Long>> found = new HashSet<>();
      visit(numbers, 0, whole, List.of(), found);
      return found.size();
    }
    return new Count(numbers).of(0, whole);
  }

  private long asIfAll(Numbers numbers) {
    Box whole = Box.whole(ranks, numbers);
    long product = 1;
    for (PathSum sum : dense) {
      int group = sum.group();
      long iterations =
          sum.value(numbers, whole.extent(group, false), true, whole.extent(group, true));
      product = Math.multiplyExact(product, iterations);
    }
    return product;
  }

  /** Every point, one by one. */
  private void visit(Numbers numbers, int next, Box box, List<Long> digits, Set<List<Long>> found) {
    if (next == key.loops().size()) {
      if (box.holdsSomewhere(key.condition())) {
        found.add(digits);
      }
      return;
    }
    PlannedLoop loop = key.loops().get(next);
    int mode = key.modes().get(next);
    long tiles = box.tiles(loop, numbers);
    long start = (mode & PathSum.LAST_TILE) != 0 ? tiles - 1 : 0;
    long end = (mode & PathSum.FIRST_TILE) != 0 ? 1 : tiles;
    for (long digit = start; digit < end; digit++) {
      List<Long> more = digits;
      if ((mode & PathSum.ANY_TILE) == 0) {
        more = new ArrayList<>(digits);
        more.add(digit);
      }
      visit(numbers, next + 1, box.tiles(loop, numbers, digit, digit + 1), more, found);
    }
  }

  /** One count; boxes of equal shape at an equal distance have the same. */
  final class Count {

    private final Numbers numbers;
    private final Map<List<Long>, Long> known = new HashMap<>();

    private Count(Numbers numbers) {
      this.numbers = numbers;
    }

    /** Iterations in a box of the loops from one on. */
    long of(int next, Box box) {
      Verdict verdict = verdict(next, box);
      if (verdict == Verdict.NEVER) {
        return 0;
      }
      if (verdict == Verdict.ALWAYS) {
        return all(next, box);
      }
      if (!isShiftInvariant) {
        return undecided(next, box);
      }
      List<Long> shape = box.shape(next, groups);
      Long count = known.get(shape);
      if (count == null) {
        count = undecided(next, box);
        known.put(shape, count);
      }
      return count;
    }

    /**
     * Whether all iterations in a box have a present point, or none. All have one if a single
     * coordinate of what is merged has one for each of them.
     */
    private Verdict verdict(int next, Box box) {
      Verdict verdict = box.verdict(key.condition());
      return verdict == Verdict.SOMETIMES && (holdsAt(next, box, true) || holdsAt(next, box, false))
          ? Verdict.ALWAYS
          : verdict;
    }

    /** At the first, or the last, coordinate of what is merged. */
    private boolean holdsAt(int next, Box box, boolean first) {
      Box there = box;
      for (int group : merged.get(next)) {
        long outer = first ? 0 : there.extent(group, false) - 1;
        there = there.with(group, false, outer, outer + 1);
        long inner = first ? 0 : there.extent(group, true) - 1;
        there = there.with(group, true, inner, inner + 1);
      }
      return !merged.get(next).isEmpty() && there.verdict(key.condition()) == Verdict.ALWAYS;
    }

    private long undecided(int next, Box box) {
      if (next == told.size()) {
        return box.holdsSomewhere(key.condition()) ? 1 : 0;
      }
      return fresh(next, box);
    }

    private long fresh(int next, Box box) {
      PlannedLoop loop = told.get(next);
      long tiles = box.tiles(loop, numbers);
      int mode = modes.get(next);
      boolean first = (mode & PathSum.FIRST_TILE) != 0;
      boolean last = (mode & PathSum.LAST_TILE) != 0;
      if (first && last && tiles > 1) {
        return 0;
      }
      return tiles(next, box, last ? tiles - 1 : 0, first ? 1 : tiles);
    }

    /** Tiles of a loop from one to another. */
    private long tiles(int next, Box box, long start, long end) {
      PlannedLoop loop = told.get(next);
      Box inside = box.tiles(loop, numbers, start, end);
      if (end - start == 1) {
        return of(next + 1, inside);
      }
      Verdict verdict = verdict(next, inside);
      if (verdict == Verdict.NEVER) {
        return 0;
      }
      if (verdict == Verdict.ALWAYS) {
        long alike =
            Math.multiplyExact(
                end - start - 1, all(next + 1, box.tiles(loop, numbers, start, start + 1)));
        return Math.addExact(alike, all(next + 1, box.tiles(loop, numbers, end - 1, end)));
      }
      long middle = (start + end) >>> 1;
      return Math.addExact(tiles(next, box, start, middle), tiles(next, box, middle, end));
    }

    /** All iterations of the loops from one on. */
    private long all(int next, Box box) {
      long product = 1;
      for (PathSum sum : free.get(next)) {
        int group = sum.group();
        long iterations =
            sum.value(numbers, box.extent(group, false), box.atEnd(group), box.extent(group, true));
        product = Math.multiplyExact(product, iterations);
      }
      return product;
    }
  }
}
