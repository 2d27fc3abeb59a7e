package dev.weir.opencl.execute;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.kernel.AddressSpace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What nodes of a schedule are to a kernel. */
final class ScheduleNodes {

  private ScheduleNodes() {}

  /**
   * A loop over a rank.
   *
   * @param axis of a spatial one
   */
  record Loop(RankName rank, long tile, Optional<Axis> axis) {}

  static Optional<Loop> loop(Node node, Problem problem) {
    return switch (node) {
      case Node.For loop ->
          Optional.of(new Loop(loop.rank(), problem.value(loop.tile()), Optional.empty()));
      case Node.Pipeline loop ->
          Optional.of(new Loop(loop.rank(), problem.value(loop.tile()), Optional.empty()));
      case Node.Iterate loop -> Optional.of(new Loop(loop.rank(), 1, Optional.empty()));
      case Node.Spatial loop ->
          Optional.of(
              new Loop(
                  loop.rank(),
                  problem.value(loop.tile()),
                  problem.architecture().axis(loop.axis())));
      case Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ -> Optional.empty();
      case Node.Stage _, Node.Interleave _, Node.Compute _ -> Optional.empty();
    };
  }

  /** x, y or z at the end of an axis's name: 0, 1 or 2. */
  static int dimension(Axis axis) {
    String name = axis.name().toString();
    return Math.max(0, "xyz".indexOf(name.charAt(name.length() - 1)));
  }

  /** Whether a node is one compute in its loops. */
  static boolean isNest(Node node) {
    return switch (node) {
      case Node.Compute _ -> true;
      case Node.For loop -> isNest(loop.body());
      case Node.Spatial loop -> isNest(loop.body());
      case Node.Iterate _, Node.Pipeline _, Node.Last _, Node.Keep _ -> false;
      case Node.Seq _, Node.Par _, Node.Stage _, Node.Interleave _ -> false;
    };
  }

  /** From the node itself to each compute below. */
  static List<List<Node>> pathsToComputes(Node node) {
    if (node instanceof Node.Compute) {
      return List.of(List.of(node));
    }
    return node.children().stream()
        .flatMap(child -> pathsToComputes(child).stream())
        .map(path -> Stream.concat(Stream.of(node), path.stream()).toList())
        .toList();
  }

  static boolean produces(Node node, TensorName tensor) {
    return pathsToComputes(node).stream()
        .anyMatch(path -> ((Node.Compute) path.getLast()).einsum().equals(tensor));
  }

  /** Where a level's tiles are in a kernel. */
  static AddressSpace space(LevelName name, Architecture architecture) {
    MemoryLevel level = architecture.level(name).orElseThrow();
    if (level.equals(architecture.top())) {
      return AddressSpace.GLOBAL;
    }
    Set<Axis.Kind> kinds =
        level.instanceAxes().stream()
            .flatMap(axis -> architecture.axis(axis).stream())
            .map(Axis::kind)
            .collect(Collectors.toSet());
    return kinds.contains(Axis.Kind.WORK_ITEM) || kinds.contains(Axis.Kind.LANE)
        ? AddressSpace.PRIVATE
        : AddressSpace.LOCAL;
  }
}
