package dev.weir.opencl.execute;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Iterations of loops over ranks that depend on each other, as kernels run them or as schedules say
 * they run: these stop at the end of a rank, kernels may run on to the end of a tile.
 *
 * @param isExact whether nothing runs beyond an end
 */
record RankLoops(Problem problem, boolean isExact) {

  /** Limits that a loop stops at. */
  enum Guard {
    HARD,
    ALL
  }

  /** One iteration of all loops over some ranks. */
  record Iteration(Map<RankName, Span> spans, boolean isFirstLane) {
    Iteration {
      spans = Map.copyOf(spans);
    }

    Iteration with(RankName rank, Span span) {
      Map<RankName, Span> more = new HashMap<>(spans);
      more.put(rank, span);
      return new Iteration(more, isFirstLane);
    }
  }

  /** {@code for rank by tile}. */
  List<Iteration> temporal(
      Iteration around, RankName rank, long tile, Guard guard, boolean isKept) {
    Span span = around.spans().get(rank);
    List<Iteration> all = new ArrayList<>();
    long trips = Math.ceilDiv(span.extent(), tile);
    for (long trip = 0; trip < trips; trip++) {
      Span child = trips == 1 ? span : tile(span, span.base() + trip * tile, trip, tile, isKept);
      boolean isGuarded = child.hard().stream().allMatch(limit -> child.base() < limit);
      if (guard == Guard.ALL) {
        isGuarded &= child.soft().stream().allMatch(limit -> child.base() < limit);
      }
      if (isGuarded) {
        boolean isMet =
            child.extent() == 1
                && child.lane() == 0
                && (guard == Guard.ALL || child.soft().isEmpty());
        all.add(narrowed(around, rank, isMet ? child.withoutLimits() : child));
      }
    }
    return all;
  }

  /** Tiles on work-items, which all come by. */
  List<Iteration> items(Iteration around, RankName rank, long tile, boolean isKept) {
    return spread(around, rank, tile, isKept).map(child -> narrowed(around, rank, child)).toList();
  }

  /** Tiles on work-groups; those that begin beyond an end do nothing. */
  List<Iteration> groups(Iteration around, RankName rank, long tile, boolean isKept) {
    List<Long> limits = around.spans().get(rank).limits().toList();
    return spread(around, rank, tile, isKept)
        .filter(child -> limits.stream().allMatch(limit -> child.base() < limit))
        .map(child -> child.extent() == 1 ? child.without(limits) : child)
        .map(child -> narrowed(around, rank, child))
        .toList();
  }

  private Stream<Span> spread(Iteration around, RankName rank, long tile, boolean isKept) {
    Span span = around.spans().get(rank);
    long own = Math.min(tile, span.extent());
    return LongStream.range(0, Math.ceilDiv(span.extent(), tile))
        .mapToObj(i -> tile(span, span.base() + i * own, i, own, isKept));
  }

  /** Tiles on lanes, which are a power of two. */
  List<Iteration> lanes(Iteration around, RankName rank, long tile, boolean isKept) {
    Span span = around.spans().get(rank);
    long tiles = Math.ceilDiv(span.extent(), tile);
    if (tiles == 1) {
      return List.of(around);
    }
    long lanes = isExact ? tiles : powerOfTwo(tiles);
    List<Iteration> all = new ArrayList<>();
    for (long lane = 0; lane < lanes; lane++) {
      long extent = isExact ? Math.min(tile, span.extent() - lane * tile) : tile;
      Span child = span.onLane(lane * tile, extent);
      if (!isExact && lanes * tile > span.extent()) {
        child = child.withLimit(span.base() + span.extent(), isKept);
      }
      Iteration inside = narrowed(around, rank, child);
      all.add(new Iteration(inside.spans(), lane == 0));
    }
    return all;
  }

  /** The least power of two that is not less. */
  static long powerOfTwo(long number) {
    long power = Long.highestOneBit(number);
    return power == number ? power : 2 * power;
  }

  private Span tile(Span span, long base, long trip, long tile, boolean isKept) {
    if (isExact) {
      return span.at(base, Math.min(tile, span.extent() - trip * tile));
    }
    Span child = span.at(base, tile);
    return span.extent() % tile == 0 ? child : child.withLimit(span.base() + span.extent(), isKept);
  }

  /** A single coordinate of an outer part limits the inner part. */
  private Iteration narrowed(Iteration around, RankName rank, Span span) {
    Iteration inside = around.with(rank, span);
    for (Partition split : problem.cascade().partitions()) {
      long parent = problem.shapes().of(split.parent());
      long inner = problem.shapes().of(split.inner());
      if (split.outer().equals(rank) && span.extent() == 1 && parent % inner != 0) {
        long left = parent - (span.base() + span.lane()) * inner;
        Span before = inside.spans().get(split.inner());
        Span after =
            isExact
                ? before.at(before.base(), Math.min(before.extent(), left))
                : before.withLimit(left, false);
        inside = inside.with(split.inner(), after);
      }
    }
    return inside;
  }
}
