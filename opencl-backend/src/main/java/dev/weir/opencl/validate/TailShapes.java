package dev.weir.opencl.validate;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Small shapes that leave remainders in tiles. Over the first three each rank is once a coordinate
 * longer than a tile, once one shorter, and once a tile and an odd part of another; which is which
 * differs from rank to rank. In the last one every rank has one coordinate.
 */
final class TailShapes {

  /** Larger tiles are not filled: a shape below the tile is a remainder too. */
  private static final long LONGEST_TILE = 64;

  /** Ranks up to this are batches and heads, of which two show whether they mix. */
  private static final long SHORT_RANK = 16;

  private TailShapes() {}

  /** The problem at these shapes. */
  static List<Problem> of(Problem problem) {
    Map<RankName, Long> workload = workload(problem);
    List<RankName> ranks = List.copyOf(workload.keySet());
    List<Problem> small = new ArrayList<>();
    for (int turn = 0; turn < 3; turn++) {
      Map<RankName, Long> shapes = new HashMap<>();
      for (int i = 0; i < ranks.size(); i++) {
        long tile = tile(ranks.get(i), problem);
        boolean isShort = tile == 1 && workload.get(ranks.get(i)) <= SHORT_RANK;
        long few = turn == 0 ? 2 : 1 + (turn + i) % 2;
        shapes.put(ranks.get(i), isShort ? few : shape(tile, (turn + i) % 3));
      }
      small.add(at(shapes, problem));
    }
    Map<RankName, Long> ones = new HashMap<>();
    ranks.forEach(rank -> ones.put(rank, 1L));
    small.add(at(ones, problem));
    return small;
  }

  private static Problem at(Map<RankName, Long> shapes, Problem problem) {
    return Problem.of(problem.cascade(), problem.schedule(), problem.architecture(), shapes);
  }

  /** One more than a tile, one less, an odd part more; of a rank without tiles some odd shapes. */
  private static long shape(long tile, int kind) {
    long[] untiled = {7, 3, 5};
    long[] tiled = {tile + 1, tile - 1, (tile + tile / 2) | 1};
    return tile == 1 ? untiled[kind] : tiled[kind];
  }

  /** The largest tile of a rank, or of an inner part that it is split into. */
  private static long tile(RankName rank, Problem problem) {
    long tile = tile(rank, problem.schedule().root(), problem);
    for (Partition split : problem.cascade().partitions()) {
      if (split.parent().equals(rank) && !KernelValidator.isWorkload(split.inner(), problem)) {
        tile = Math.max(tile, problem.shapes().of(split.inner()));
      }
    }
    return Math.min(tile, LONGEST_TILE);
  }

  private static long tile(RankName rank, Node node, Problem problem) {
    long own =
        switch (node) {
          case Node.For loop -> tile(rank, loop.rank(), loop.tile(), problem);
          case Node.Spatial loop -> tile(rank, loop.rank(), loop.tile(), problem);
          case Node.Pipeline loop -> tile(rank, loop.rank(), loop.tile(), problem);
          case Node.Iterate _, Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ -> 1;
          case Node.Stage _, Node.Interleave _, Node.Compute _ -> 1;
        };
    return node.children().stream()
        .mapToLong(child -> tile(rank, child, problem))
        .reduce(own, Math::max);
  }

  private static long tile(RankName rank, RankName looped, Size tile, Problem problem) {
    return looped.equals(rank) ? problem.value(tile) : 1;
  }

  /** Shapes of a workload by rank. */
  private static Map<RankName, Long> workload(Problem problem) {
    Map<RankName, Long> workload = new TreeMap<>();
    problem.cascade().tensors().stream()
        .flatMap(tensor -> tensor.ranks().stream())
        .forEach(rank -> workload.put(rank, problem.shapes().of(rank)));
    problem
        .cascade()
        .partitions()
        .forEach(split -> workload.put(split.inner(), problem.shapes().of(split.inner())));
    workload.keySet().removeIf(rank -> !KernelValidator.isWorkload(rank, problem));
    return workload;
  }

  /** The workload as text: {@code B=1 H=12}. */
  static String text(Problem problem) {
    StringBuilder text = new StringBuilder();
    workload(problem)
        .forEach(
            (rank, shape) ->
                text.append(text.isEmpty() ? "" : " ").append(rank).append('=').append(shape));
    return text.toString();
  }
}
