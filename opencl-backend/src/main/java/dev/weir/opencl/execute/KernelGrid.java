package dev.weir.opencl.execute;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.kernel.AddressSpace;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Work-groups and work-items of a kernel: along each dimension the most tiles that any spatial loop
 * puts there. Dimensions 0 to 2 are those of work-groups, 3 to 5 those of work-items.
 */
final class KernelGrid {

  private final long[] sizes = {1, 1, 1, 1, 1, 1};

  private KernelGrid() {}

  static KernelGrid of(Node root, Problem problem) {
    KernelGrid grid = new KernelGrid();
    grid.visit(root, Map.of(), problem);
    return grid;
  }

  private void visit(Node node, Map<RankName, Long> extents, Problem problem) {
    Map<RankName, Long> inside = new HashMap<>(extents);
    ScheduleNodes.loop(node, problem)
        .ifPresent(
            loop -> {
              long before = extents.getOrDefault(loop.rank(), problem.shapes().of(loop.rank()));
              long tiles = Math.ceilDiv(before, loop.tile());
              inside.put(loop.rank(), Math.min(before, loop.tile()));
              loop.axis()
                  .filter(KernelGrid::isOn)
                  .map(KernelGrid::dimension)
                  .ifPresent(at -> sizes[at] = Math.max(sizes[at], tiles));
            });
    node.children().forEach(child -> visit(child, inside, problem));
  }

  /** Whether an axis is one of work-groups or work-items. */
  static boolean isOn(Axis axis) {
    return axis.kind() == Axis.Kind.WORK_GROUP || axis.kind() == Axis.Kind.WORK_ITEM;
  }

  /** The dimension of an axis of work-groups or work-items. */
  static int dimension(Axis axis) {
    return (axis.kind() == Axis.Kind.WORK_ITEM ? 3 : 0) + ScheduleNodes.dimension(axis);
  }

  /**
   * How many work-groups and work-items do the same, because no loop tells them apart.
   *
   * @param used dimensions that loops spread over
   * @param space of what they touch: work-items share local memory, work-groups global memory
   */
  long repeats(Set<Integer> used, AddressSpace space) {
    long times = 1;
    for (int dimension = 0; dimension < sizes.length; dimension++) {
      boolean isShared =
          switch (space) {
            case GLOBAL -> true;
            case LOCAL -> dimension >= 3;
            case PRIVATE -> false;
          };
      if (!isShared && !used.contains(dimension)) {
        times = Math.multiplyExact(times, sizes[dimension]);
      }
    }
    return times;
  }

  /** Whether other work-items or work-groups have elements beside one's own. */
  boolean isShared(AddressSpace space) {
    boolean hasSeveralItems = sizes[3] * sizes[4] * sizes[5] > 1;
    return switch (space) {
      case PRIVATE -> false;
      case LOCAL -> hasSeveralItems;
      case GLOBAL -> hasSeveralItems || sizes[0] * sizes[1] * sizes[2] > 1;
    };
  }
}
