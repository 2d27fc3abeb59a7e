package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.NodePath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Spatial loops between an output's home and a compute: they spread the output, or they reduce.
 *
 * @param items dimensions of a work-group along which contributions are merged
 * @param lanes whether those of the lanes of a vector are
 */
record Spread(List<Integer> items, boolean lanes) {

  /** Finds the loops that reduce; across work-groups nothing can be merged. */
  static Spread of(Einsum einsum, Home home, Scope scope, KernelState state, NodePath where) {
    Parallel between = scope.parallel().below(home.around());
    Set<RankName> reduced = einsum.reducedRanks();
    between.groups().entrySet().stream()
        .filter(entry -> state.grid().groups(entry.getKey()) > 1)
        .map(entry -> entry.getValue().rank())
        .filter(reduced::contains)
        .findFirst()
        .ifPresent(rank -> refuse(einsum, rank, where));
    List<Integer> items =
        between.items().entrySet().stream()
            .filter(entry -> state.grid().items(entry.getKey()) > 1)
            .filter(entry -> reduced.contains(entry.getValue().rank()))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    Optional<RankName> lanes = between.lanes().map(Parallel.Lanes::rank).filter(reduced::contains);
    return new Spread(items, lanes.isPresent());
  }

  private static void refuse(Einsum einsum, RankName rank, NodePath where) {
    throw new RefusedException(
        where,
        einsum.output().tensor()
            + " lacks rank "
            + rank
            + ", which runs on work-groups here; they have no way to merge what they contribute",
        "loop over "
            + rank
            + " with `for`, or let each work-group make a tensor of its own that a later Einsum"
            + " reduces");
  }
}
