package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The points of an iteration space in a fixed order: ranks of the output outermost, inner parts of
 * split ranks after all others, so that their outer part is known, ranks whose coordinate an
 * equality gives last. The condition is decided as far out as it can be, and a loop visits only the
 * intervals that the comparisons leave: a window of 128 in 64K keys costs 128.
 */
final class LoopNest {

  /** One loop; an inner part of a split rank ends with the parent. */
  private record Loop(
      int slot, long shape, int outerSlot, long parentShape, Candidates candidates) {

    long end(long[] point) {
      return outerSlot < 0 ? shape : Math.clamp(parentShape - point[outerSlot] * shape, 0, shape);
    }
  }

  /** What happens at a point. */
  @FunctionalInterface
  interface Body {
    void at(long[] point);
  }

  /** What happens at all points along the innermost loop from a coordinate to before another. */
  @FunctionalInterface
  interface RowBody {
    void at(long[] point, long start, long end);
  }

  private final Loop[] loops;
  private final Optional<PointCompiler.HoldsAt> condition;
  private final int conditionDepth;
  private final boolean isInterval;

  LoopNest(Einsum einsum, Set<RankName> fixed, PointCompiler compiler) {
    this(einsum, ranks(einsum, fixed, compiler), compiler);
  }

  /** The same points, with the ranks to be visited in this order. */
  LoopNest(Einsum einsum, List<RankName> ranks, PointCompiler compiler) {
    Set<RankName> space = einsum.iterationSpace();
    Condition where =
        NegationNormalForm.of(einsum.condition().orElseGet(() -> new Condition.All(List.of())));
    this.condition = einsum.condition().map(compiler::condition);
    this.conditionDepth =
        einsum.condition().map(c -> depth(c.ranks().toList(), ranks)).orElse(ranks.size() + 1);
    this.loops = new Loop[ranks.size()];
    for (int depth = 0; depth < loops.length; depth++) {
      RankName rank = ranks.get(depth);
      Set<RankName> unknown = Set.copyOf(ranks.subList(depth + 1, ranks.size()));
      Candidates candidates =
          depth < conditionDepth
              ? Candidates.of(where, rank, unknown, compiler)
              : new Candidates.Everything();
      loops[depth] = loop(rank, space, candidates, compiler);
    }
    this.isInterval =
        !ranks.isEmpty() && einsum.condition().isPresent() && isInterval(where, ranks.getLast());
  }

  /** The ranks to loop over, outermost first. */
  static List<RankName> ranks(Einsum einsum, Set<RankName> fixed, PointCompiler compiler) {
    Set<RankName> space = einsum.iterationSpace();
    List<Condition.Compare> comparisons = comparisons(einsum);
    List<RankName> ranks = new ArrayList<>(space);
    ranks.removeAll(fixed);
    ranks.sort(
        Comparator.comparing((RankName rank) -> compiler.splitAround(rank, space).isPresent())
            .thenComparing(rank -> CoordinateBounds.isGivenByAnEquality(rank, comparisons)));
    return ranks;
  }

  /** Comparisons that must all hold. */
  static List<Condition.Compare> comparisons(Einsum einsum) {
    return einsum.condition().map(LoopNest::comparisons).orElse(List.of());
  }

  private static List<Condition.Compare> comparisons(Condition condition) {
    return switch (condition) {
      case Condition.Compare compare -> List.of(compare);
      case Condition.All all ->
          all.parts().stream().flatMap(part -> comparisons(part).stream()).toList();
      case Condition.Any _, Condition.Not _ -> List.of();
    };
  }

  /** Whether it holds, along a rank, in one interval only, whatever the other coordinates. */
  private static boolean isInterval(Condition condition, RankName rank) {
    return switch (condition) {
      case Condition.Compare compare -> CoordinateBounds.isInterval(compare, rank);
      case Condition.All all -> all.parts().stream().allMatch(part -> isInterval(part, rank));
      case Condition.Any _, Condition.Not _ -> condition.ranks().noneMatch(rank::equals);
    };
  }

  private static int depth(Collection<RankName> needed, List<RankName> ranks) {
    return needed.stream().mapToInt(rank -> ranks.indexOf(rank) + 1).max().orElse(0);
  }

  private static Loop loop(
      RankName rank, Set<RankName> space, Candidates candidates, PointCompiler compiler) {
    long shape = compiler.shapes().of(rank);
    int slot = compiler.slot(rank);
    Optional<Partition> split = compiler.splitAround(rank, space);
    return split.isEmpty()
        ? new Loop(slot, shape, -1, 0, candidates)
        : new Loop(
            slot,
            shape,
            compiler.slot(split.get().outer()),
            compiler.shapes().of(split.get().parent()),
            candidates);
  }

  /** Visits all points; coordinates of ranks fixed outside are already in the point. */
  void run(long[] point, Body body) {
    run(0, point, body);
  }

  private void run(int depth, long[] point, Body body) {
    if (depth == conditionDepth && !condition.get().at(point)) {
      return;
    }
    if (depth == loops.length) {
      body.at(point);
      return;
    }
    Loop loop = loops[depth];
    Candidates candidates = loop.candidates;
    candidates.locate(point);
    long shape = loop.end(point);
    for (long start = candidates.from(0, shape), end;
        start < shape;
        start = candidates.from(end, shape)) {
      end = Math.min(shape, candidates.until(start));
      for (long coordinate = start; coordinate < end; coordinate++) {
        point[loop.slot] = coordinate;
        run(depth + 1, point, body);
      }
    }
  }

  /** Visits all points, as long as there is a loop, a row at a time. */
  void runRows(long[] point, RowBody body) {
    runRows(0, point, body);
  }

  private void runRows(int depth, long[] point, RowBody body) {
    if (depth == conditionDepth && !condition.get().at(point)) {
      return;
    }
    Loop loop = loops[depth];
    Candidates candidates = loop.candidates;
    candidates.locate(point);
    long shape = loop.end(point);
    for (long start = candidates.from(0, shape), end;
        start < shape;
        start = candidates.from(end, shape)) {
      end = Math.min(shape, candidates.until(start));
      if (depth == loops.length - 1) {
        runRow(point, start, end, body);
        continue;
      }
      for (long coordinate = start; coordinate < end; coordinate++) {
        point[loop.slot] = coordinate;
        runRows(depth + 1, point, body);
      }
    }
  }

  private void runRow(long[] point, long start, long end, RowBody body) {
    if (conditionDepth != loops.length) {
      body.at(point, start, end);
      return;
    }
    if (isInterval) {
      long first = skip(false, start, end, point);
      long last = end;
      while (first < last && !holds(last - 1, point)) {
        last--;
      }
      body.at(point, first, last);
      return;
    }
    for (long first = skip(false, start, end, point), last;
        first < end;
        first = skip(false, last, end, point)) {
      last = skip(true, first, end, point);
      body.at(point, first, last);
    }
  }

  /** The first coordinate of the innermost loop where the condition no longer has this value. */
  private long skip(boolean value, long start, long end, long[] point) {
    long coordinate = start;
    while (coordinate < end && holds(coordinate, point) == value) {
      coordinate++;
    }
    return coordinate;
  }

  private boolean holds(long coordinate, long[] point) {
    point[loops[loops.length - 1].slot] = coordinate;
    return condition.get().at(point);
  }
}
