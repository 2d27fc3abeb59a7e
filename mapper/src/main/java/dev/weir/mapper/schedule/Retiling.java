package dev.weir.mapper.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A tree with another tile at one of its loops. */
final class Retiling {

  private Retiling() {}

  /**
   * The same problem with another tile of a loop.
   *
   * @param loop a {@code for} or a {@code pipeline}
   */
  static Problem with(Problem problem, Site loop, long tile) {
    Schedule schedule = problem.schedule();
    Node root = at(schedule.root(), loop.path().steps(), node -> tiled(node, Size.of(tile)));
    return new Problem(
        problem.cascade(), schedule.with(root), problem.architecture(), problem.shapes());
  }

  private static Node tiled(Node node, Size tile) {
    return switch (node) {
      case Node.For loop ->
          new Node.For(loop.rank(), tile, loop.skip(), loop.recompute(), loop.flow(), loop.body());
      case Node.Pipeline loop -> new Node.Pipeline(loop.rank(), tile, loop.body());
      case Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          throw new IllegalArgumentException("no tile to change in " + node);
    };
  }

  private static Node at(Node node, List<Integer> steps, UnaryOperator<Node> change) {
    if (steps.isEmpty()) {
      return change.apply(node);
    }
    List<Node> children = new ArrayList<>(node.children());
    int step = steps.getFirst();
    children.set(step, at(children.get(step), steps.subList(1, steps.size()), change));
    return node.withChildren(children);
  }
}
