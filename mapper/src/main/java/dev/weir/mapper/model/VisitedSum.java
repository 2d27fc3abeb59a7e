package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.mapper.model.Interval.Verdict;
import dev.weir.mapper.schedule.Projection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Σ over the visited entries of a keep of what a tensor has there of the ranks that decide what is
 * visited. Boxes of iterations that are all visited, or none, are counted at once, the others are
 * divided further; of loops with {@link PathSum#EARLIEST} or {@link PathSum#LATEST} only the first
 * or last visited combination counts for each combination of the others.
 */
final class VisitedSum {

  /** More points than this are not visited one by one. */
  private static final long MOST_POINTS = 1L << 22;

  /**
   * What makes two of them equal.
   *
   * @param visited the condition that some point of a visited iteration fulfils
   * @param present what a point to be counted below an entry fulfils; empty where entries count
   * @param groups of the ranks that are counted together, ascending
   * @param loops over these ranks
   * @param modes how much of each counts, see {@link PathSum}
   * @param depth how many of the loops decide what is visited
   * @param entered how many of them are around the keep
   * @param shares what the tensor has of each group
   * @param mapped what it reads through affine indices or head maps over ranks of the groups
   * @param sliding the one of these that slides along the last loop
   */
  record Key(
      Condition visited,
      Optional<Condition> present,
      List<Integer> groups,
      List<PlannedLoop> loops,
      List<Integer> modes,
      int depth,
      int entered,
      List<Share> shares,
      List<Projection.Part> mapped,
      Optional<Projection.Part.Window> sliding) {

    boolean has(int loop, int mode) {
      return (modes.get(loop) & mode) != 0;
    }
  }

  private static final int SELECTED = PathSum.EARLIEST | PathSum.LATEST;

  private final RankTable ranks;
  private final Key key;

  /** Positions of loops whose iterations are told apart: first those that are all summed up. */
  private final List<Integer> told = new ArrayList<>();

  private final int summed;

  /** By told loop: what all iterations of the loops from it on have. */
  private final List<List<PathSum>> free = new ArrayList<>();

  /** Below an entry; empty where entries count. */
  private final Optional<PresentPoints> below;

  private final boolean isTangled;
  private final boolean isShiftInvariant;

  private VisitedSum(RankTable ranks, Key key) {
    this.ranks = ranks;
    this.key = key;
    List<Integer> selected = new ArrayList<>();
    for (int i = 0; i < key.depth(); i++) {
      if (key.has(i, SELECTED)) {
        selected.add(i);
      } else if (!key.has(i, PathSum.ANY_TILE)) {
        told.add(i);
      }
    }
    this.summed = told.size();
    told.addAll(selected);
    for (int i = 0; i <= told.size(); i++) {
      free.add(sums(told.subList(i, told.size())));
    }
    int loops = key.loops().size();
    this.below =
        key.present()
            .map(
                condition ->
                    PresentPoints.of(
                        ranks,
                        new PresentPoints.Key(
                            condition,
                            key.loops().subList(key.depth(), loops),
                            key.modes().subList(key.depth(), loops).stream()
                                .map(VisitedSum::plain)
                                .toList())));
    this.isTangled = isTangled() || below.filter(PresentPoints::isTangled).isPresent();
    Shifts shifts = new Shifts(ranks);
    this.isShiftInvariant =
        Stream.concat(Stream.of(key.visited()), key.present().stream())
            .allMatch(shifts::changesNothing);
  }

  static VisitedSum of(RankTable ranks, Key key) {
    return new VisitedSum(ranks, key);
  }

  /**
   * Whether iterations of a loop are told apart below one of the same rank of which they differ.
   */
  private boolean isTangled() {
    for (int i = 0; i < key.depth(); i++) {
      for (int j = i + 1; j < key.loops().size(); j++) {
        PlannedLoop around = key.loops().get(i);
        PlannedLoop loop = key.loops().get(j);
        boolean isSettled =
            key.has(j, SELECTED)
                ? !key.has(i, PathSum.ANY_TILE)
                : !key.has(i, SELECTED | PathSum.ANY_TILE);
        if (around.group() == loop.group()
            && (!around.inner() || loop.inner())
            && !isSettled
            && !key.has(j, PathSum.ANY_TILE)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Loops that are not told apart, and those below, follow the told ones. */
  private List<PathSum> sums(List<Integer> toldApart) {
    List<Integer> positions = new ArrayList<>(toldApart);
    for (int i = 0; i < key.loops().size(); i++) {
      if (i >= key.depth() || key.has(i, PathSum.ANY_TILE)) {
        positions.add(i);
      }
    }
    List<PathSum> sums = new ArrayList<>();
    for (int i = 0; i < key.groups().size(); i++) {
      int group = key.groups().get(i);
      List<Integer> ofGroup =
          positions.stream().filter(at -> key.loops().get(at).group() == group).toList();
      PathSum sum =
          PathSum.of(
              PathSum.key(
                  group,
                  ofGroup.stream().map(key.loops()::get).toList(),
                  ofGroup.stream().map(at -> plain(key.modes().get(at))).toList(),
                  key.shares().get(i)));
      if (!sum.isOne()) {
        sums.add(sum);
      }
    }
    return sums;
  }

  /** Where everything is visited, what comes first is the first tile. */
  private static int plain(int mode) {
    int first = (mode & PathSum.EARLIEST) != 0 ? PathSum.FIRST_TILE : 0;
    int last = (mode & PathSum.LATEST) != 0 ? PathSum.LAST_TILE : 0;
    return (mode & ~SELECTED) | first | last;
  }

  /** Whether iterations are too many to visit where that is needed. */
  boolean isTooLarge(Numbers numbers) {
    if (!isTangled || !key.mapped().isEmpty()) {
      return false;
    }
    double points = 1;
    for (int group : key.groups()) {
      points *= (double) numbers.steps[group] * numbers.innerShape[group];
    }
    return points > MOST_POINTS;
  }

  /**
   * The sum, from the root of the tree.
   *
   * @param asIfAll whether to count as if nothing were skipped, and nothing came to an accumulator
   *     for the first time: no less than what is left when that is taken out
   */
  long value(Numbers numbers, boolean asIfAll) {
    Box whole = Box.over(key.groups(), ranks, numbers);
    if (asIfAll && key.mapped().isEmpty()) {
      return key.present().isPresent() ? 0 : new Sum(numbers).all(0, whole);
    }
    return isTangled || !key.mapped().isEmpty()
        ? new VisitedWalk(key, numbers).value(whole)
        : new Sum(numbers).of(0, whole);
  }

  /** One sum; boxes of equal shape at an equal distance have the same. */
  private final class Sum {

    /** No iteration is visited. */
    private static final long NOTHING = -1;

    private final Numbers numbers;
    private final Map<List<Long>, Long> known = new HashMap<>();
    private final Optional<PresentPoints.Count> count;

    Sum(Numbers numbers) {
      this.numbers = numbers;
      this.count = below.map(points -> points.in(numbers));
    }

    /** Over all iterations of the loops from one on. */
    long of(int next, Box box) {
      Verdict visited = box.verdict(key.visited());
      if (visited == Verdict.NEVER) {
        return 0;
      }
      Verdict decided = key.present().map(box::verdict).orElse(visited);
      if (decided == Verdict.ALWAYS) {
        return all(next, box);
      }
      if (!isShiftInvariant) {
        return fresh(next, box);
      }
      List<Long> shape = box.shape(next, key.groups());
      Long sum = known.get(shape);
      if (sum == null) {
        sum = fresh(next, box);
        known.put(shape, sum);
      }
      return sum;
    }

    private long fresh(int next, Box box) {
      if (next == summed) {
        return Math.max(0, selected(next, box));
      }
      PlannedLoop loop = loop(next);
      long tiles = box.tiles(loop, numbers);
      boolean first = key.has(told.get(next), PathSum.FIRST_TILE);
      boolean last = key.has(told.get(next), PathSum.LAST_TILE);
      if (first && last && tiles > 1) {
        return 0;
      }
      return tiles(next, box, last ? tiles - 1 : 0, first ? 1 : tiles);
    }

    private long tiles(int next, Box box, long start, long end) {
      PlannedLoop loop = loop(next);
      Box inside = box.tiles(loop, numbers, start, end);
      if (end - start == 1) {
        return of(next + 1, inside);
      }
      Verdict visited = inside.verdict(key.visited());
      if (visited == Verdict.NEVER) {
        return 0;
      }
      if (key.present().map(inside::verdict).orElse(visited) == Verdict.ALWAYS) {
        long one = all(next + 1, box.tiles(loop, numbers, start, start + 1));
        long last = all(next + 1, box.tiles(loop, numbers, end - 1, end));
        return Math.addExact(Math.multiplyExact(end - start - 1, one), last);
      }
      long middle = (start + end) >>> 1;
      return Math.addExact(tiles(next, box, start, middle), tiles(next, box, middle, end));
    }

    /** Of the first or last visited iteration of the loops from one on. */
    private long selected(int next, Box box) {
      if (next == told.size()) {
        return box.holdsSomewhere(key.visited()) ? entry(box) : NOTHING;
      }
      return found(next, box, 0, box.tiles(loop(next), numbers));
    }

    private long found(int next, Box box, long start, long end) {
      Box inside = box.tiles(loop(next), numbers, start, end);
      if (inside.verdict(key.visited()) == Verdict.NEVER) {
        return NOTHING;
      }
      if (end - start == 1) {
        return selected(next + 1, inside);
      }
      long middle = (start + end) >>> 1;
      boolean ascends = key.has(told.get(next), PathSum.EARLIEST);
      long nearer = ascends ? found(next, box, start, middle) : found(next, box, middle, end);
      if (nearer != NOTHING) {
        return nearer;
      }
      return ascends ? found(next, box, middle, end) : found(next, box, start, middle);
    }

    private long entry(Box box) {
      return count.isPresent() ? count.get().of(0, box) : all(told.size(), box);
    }

    private PlannedLoop loop(int next) {
      return key.loops().get(told.get(next));
    }

    /** As if everything were visited and present. */
    long all(int next, Box box) {
      long product = 1;
      for (PathSum sum : free.get(next)) {
        int group = sum.group();
        long words =
            sum.value(numbers, box.extent(group, false), box.atEnd(group), box.extent(group, true));
        product = Math.multiplyExact(product, words);
      }
      return product;
    }
  }
}
