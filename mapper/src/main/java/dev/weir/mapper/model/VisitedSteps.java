package dev.weir.mapper.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Steps of nests in which loops skip. */
final class VisitedSteps {

  private static final long UNDECIDED = -1;

  private final Skips skips;
  private final Numbers numbers;
  private final Map<Integer, List<PlannedLoop>> loopsOf = new HashMap<>();
  private final Map<List<PlannedLoop>, List<PathSum>> sums = new HashMap<>();
  private final Map<List<Long>, Long> known = new HashMap<>();

  VisitedSteps(Skips skips, Numbers numbers) {
    this.skips = skips;
    this.numbers = numbers;
  }

  /** Steps of a nest of which parts are visited. */
  long steps(Work.Nest nest, Kinds kinds, int kind, Box box) {
    long total = steps(nest, 0, box);
    for (PathSum sum : nest.steps()) {
      if (!skips.groups().contains(sum.group())) {
        total = Math.multiplyExact(total, kinds.sum(sum, numbers, kind));
      }
    }
    return total;
  }

  /** Its loops over ranks that decide what is visited. */
  private List<PlannedLoop> loops(Work.Nest nest) {
    return loopsOf.computeIfAbsent(
        nest.id(),
        _ -> nest.loops().stream().filter(loop -> skips.groups().contains(loop.group())).toList());
  }

  /** Of the loops from one on. */
  private long steps(Work.Nest nest, int next, Box box) {
    List<PlannedLoop> left = loops(nest).subList(next, loops(nest).size());
    long empty = skips.empty(Skips.bits(left), box);
    if (empty != UNDECIDED) {
      return empty != 0 ? 0 : all(left, box);
    }
    if (!skips.isShiftInvariant()) {
      return fresh(nest, next, box);
    }
    List<Long> key = box.shape((long) nest.id() << 32 | next, skips.groups());
    Long count = known.get(key);
    if (count == null) {
      count = fresh(nest, next, box);
      known.put(key, count);
    }
    return count;
  }

  private long fresh(Work.Nest nest, int next, Box box) {
    PlannedLoop loop = loops(nest).get(next);
    long tiles = box.tiles(loop, numbers);
    if (!loop.spatial()) {
      return sum(nest, next, box, 0, tiles);
    }
    long sum = 0;
    for (long start = 0; start < tiles; start += loop.instances()) {
      long end = Math.min(tiles, start + loop.instances());
      sum = Math.addExact(sum, longest(nest, next, box, start, end));
    }
    return sum;
  }

  /** Of all tiles of a loop from one to another. */
  private long sum(Work.Nest nest, int next, Box box, long start, long end) {
    List<PlannedLoop> loops = loops(nest);
    PlannedLoop loop = loops.get(next);
    Box inside = box.tiles(loop, numbers, start, end);
    long empty = skips.empty(Skips.bits(loops.subList(next, loops.size())), inside);
    if (empty != UNDECIDED && empty != 0) {
      return 0;
    }
    if (empty == 0) {
      List<PlannedLoop> below = loops.subList(next + 1, loops.size());
      long full = all(below, box.tiles(loop, numbers, start, start + 1));
      long last = all(below, box.tiles(loop, numbers, end - 1, end));
      return Math.addExact(Math.multiplyExact(end - start - 1, full), last);
    }
    if (end - start > 1) {
      long middle = (start + end) >>> 1;
      return Math.addExact(sum(nest, next, box, start, middle), sum(nest, next, box, middle, end));
    }
    boolean isVisited = !loop.skips() || skips.isVisited(loop, inside);
    return isVisited ? steps(nest, next + 1, inside) : 0;
  }

  /** Of the tiles of a wave from one to another, the most. */
  private long longest(Work.Nest nest, int next, Box box, long start, long end) {
    List<PlannedLoop> loops = loops(nest);
    PlannedLoop loop = loops.get(next);
    Box inside = box.tiles(loop, numbers, start, end);
    List<PlannedLoop> below = loops.subList(next + 1, loops.size());
    long empty = skips.empty(Skips.bits(below), inside);
    if (empty != UNDECIDED) {
      return empty != 0 ? 0 : all(below, box.tiles(loop, numbers, start, start + 1));
    }
    if (end - start > 1) {
      long middle = (start + end) >>> 1;
      return Math.max(
          longest(nest, next, box, start, middle), longest(nest, next, box, middle, end));
    }
    return steps(nest, next + 1, inside);
  }

  /** Everything is visited. */
  private long all(List<PlannedLoop> loops, Box box) {
    long product = 1;
    for (PathSum sum : sums.computeIfAbsent(loops, this::sums)) {
      int group = sum.group();
      long steps =
          sum.value(numbers, box.extent(group, false), box.atEnd(group), box.extent(group, true));
      product = Math.multiplyExact(product, steps);
    }
    return product;
  }

  private List<PathSum> sums(List<PlannedLoop> loops) {
    List<PathSum> result = new ArrayList<>();
    for (int group : Set.copyOf(skips.groups())) {
      List<PlannedLoop> ofGroup = loops.stream().filter(loop -> loop.group() == group).toList();
      List<Integer> modes = ofGroup.stream().map(_ -> PathSum.IN_WAVES).toList();
      PathSum sum = PathSum.of(PathSum.key(group, ofGroup, modes, Share.NONE));
      if (!sum.isOne()) {
        result.add(sum);
      }
    }
    return result;
  }
}
