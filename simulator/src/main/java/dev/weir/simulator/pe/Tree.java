package dev.weir.simulator.pe;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What the shape of a schedule tree says. */
final class Tree {

  /**
   * A compute below a node.
   *
   * @param stage its stage in the pipeline that the node is in
   */
  record StagedCompute(Node.Compute compute, int stage) {}

  private Tree() {}

  /** Whether a node is a compute below nothing but loops, which a unit runs as one piece. */
  static boolean isNest(Node node) {
    return node instanceof Node.Compute
        || ((node instanceof Node.For || node instanceof Node.Spatial)
            && isNest(node.children().getFirst()));
  }

  static Node.Compute computeOf(Node nest) {
    Node node = nest;
    while (!(node instanceof Node.Compute)) {
      node = node.children().getFirst();
    }
    return (Node.Compute) node;
  }

  /** Whether a node is a loop that a pipeline below does not drain between. */
  static boolean isFlow(Node node) {
    return switch (node) {
      case Node.For loop -> loop.flow() && leadsToPipeline(loop.body());
      case Node.Iterate loop -> loop.flow() && leadsToPipeline(loop.body());
      case Node.Spatial _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          false;
    };
  }

  private static boolean leadsToPipeline(Node node) {
    return node instanceof Node.Pipeline
        || isFlow(node)
        || (node instanceof Node.Keep keep && leadsToPipeline(keep.body()));
  }

  /** The pipeline that flow loops, or the node itself, lead to. */
  static Node.Pipeline pipelineBelow(Node top) {
    Node node = top;
    while (!(node instanceof Node.Pipeline)) {
      node = node.children().getFirst();
    }
    return (Node.Pipeline) node;
  }

  static List<StagedCompute> computes(Node node) {
    List<StagedCompute> found = new ArrayList<>();
    collect(node, 0, true, found);
    return found;
  }

  private static void collect(Node node, int stage, boolean isOwn, List<StagedCompute> found) {
    switch (node) {
      case Node.Compute compute -> found.add(new StagedCompute(compute, stage));
      case Node.Stage inner -> collect(inner.body(), isOwn ? inner.offset() : stage, isOwn, found);
      case Node.Pipeline inner -> collect(inner.body(), stage, false, found);
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Interleave _ ->
          node.children().forEach(child -> collect(child, stage, isOwn, found));
    }
  }

  /** Stages of a pipeline, ascending; the first is 0. */
  static List<Integer> stages(Node.Pipeline pipeline) {
    TreeSet<Integer> stages = new TreeSet<>(List.of(0));
    computes(pipeline.body()).forEach(staged -> stages.add(staged.stage()));
    return List.copyOf(stages);
  }

  static boolean produces(Node node, TensorName tensor) {
    return computes(node).stream().anyMatch(staged -> staged.compute().einsum().equals(tensor));
  }
}
