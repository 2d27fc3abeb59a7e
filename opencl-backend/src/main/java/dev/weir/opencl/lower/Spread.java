package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.NodePath;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Work-groups, work-items and lanes each own what they write. */
final class Spread {

  private Spread() {}

  /** Refuses an Einsum whose output lacks a rank that is spread here. */
  static void require(Einsum einsum, Scope scope, KernelState state, NodePath where) {
    Set<RankName> owned = new HashSet<>(einsum.output().ranks().toList());
    scope.groupDimensions().entrySet().stream()
        .filter(entry -> state.grid().groups(entry.getKey()) > 1)
        .map(entry -> entry.getValue().rank())
        .filter(rank -> !owned.contains(rank))
        .forEach(rank -> refuse(einsum, rank, "work-groups", where));
    scope.itemDimensions().entrySet().stream()
        .filter(entry -> state.grid().items(entry.getKey()) > 1)
        .map(Map.Entry::getValue)
        .filter(rank -> !owned.contains(rank))
        .forEach(rank -> refuse(einsum, rank, "work-items", where));
    scope.ranges().entrySet().stream()
        .filter(entry -> scope.lanes() > 1 && entry.getValue().base().hasLane())
        .map(Map.Entry::getKey)
        .filter(rank -> !owned.contains(rank))
        .forEach(rank -> refuse(einsum, rank, "lanes", where));
  }

  private static void refuse(Einsum einsum, RankName rank, String what, NodePath where) {
    throw new RefusedException(
        where,
        einsum.output().tensor()
            + " lacks rank "
            + rank
            + ", which runs on "
            + what
            + " here; kernels do not reduce across "
            + what
            + " yet: loop over "
            + rank
            + " with `for`, or spread a rank that "
            + einsum.output().tensor()
            + " has");
  }
}
