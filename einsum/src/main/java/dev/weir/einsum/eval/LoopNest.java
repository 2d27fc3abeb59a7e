package dev.weir.einsum.eval;

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
 * split ranks after all others, so that their outer part is known. The condition is decided as far
 * out as it can be.
 */
final class LoopNest {

  /** One loop; an inner part of a split rank ends with the parent. */
  private record Loop(int slot, long shape, int outerSlot, long parentShape) {

    long end(long[] point) {
      return outerSlot < 0 ? shape : Math.clamp(parentShape - point[outerSlot] * shape, 0, shape);
    }
  }

  /** What happens at a point. */
  @FunctionalInterface
  interface Body {
    void at(long[] point);
  }

  private final Loop[] loops;
  private final Optional<PointCompiler.HoldsAt> condition;
  private final int conditionDepth;

  LoopNest(Einsum einsum, Set<RankName> fixed, PointCompiler compiler) {
    Set<RankName> space = einsum.iterationSpace();
    List<RankName> ranks = new ArrayList<>(space);
    ranks.removeAll(fixed);
    ranks.sort(Comparator.comparing(rank -> compiler.splitAround(rank, space).isPresent()));
    this.loops = ranks.stream().map(rank -> loop(rank, space, compiler)).toArray(Loop[]::new);
    this.condition = einsum.condition().map(compiler::condition);
    this.conditionDepth =
        einsum.condition().map(c -> depth(c.ranks().toList(), ranks)).orElse(loops.length + 1);
  }

  private static int depth(Collection<RankName> needed, List<RankName> ranks) {
    return needed.stream().mapToInt(rank -> ranks.indexOf(rank) + 1).max().orElse(0);
  }

  private static Loop loop(RankName rank, Set<RankName> space, PointCompiler compiler) {
    long shape = compiler.shapes().of(rank);
    int slot = compiler.slot(rank);
    Optional<Partition> split = compiler.splitAround(rank, space);
    return split.isEmpty()
        ? new Loop(slot, shape, -1, 0)
        : new Loop(
            slot,
            shape,
            compiler.slot(split.get().outer()),
            compiler.shapes().of(split.get().parent()));
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
    long end = loop.end(point);
    for (long coordinate = 0; coordinate < end; coordinate++) {
      point[loop.slot] = coordinate;
      run(depth + 1, point, body);
    }
  }
}
