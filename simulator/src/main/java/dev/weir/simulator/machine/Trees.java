package dev.weir.simulator.machine;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Questions about schedule trees. */
final class Trees {

  private Trees() {}

  static Stream<Node> all(Node node) {
    return Stream.concat(Stream.of(node), node.children().stream().flatMap(Trees::all));
  }

  static boolean produces(Node node, TensorName tensor) {
    return all(node).anyMatch(n -> n instanceof Node.Compute c && c.einsum().equals(tensor));
  }

  /** Loops only, down to a compute. */
  static boolean isNest(Node node) {
    return switch (node) {
      case Node.For loop -> isNest(loop.body());
      case Node.Spatial loop -> isNest(loop.body());
      case Node.Compute _ -> true;
      case Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Interleave _ ->
          false;
    };
  }

  /** Whether only keeps and other such loops stand between a flow loop and a pipeline. */
  static boolean flowsIntoPipeline(Node node) {
    return switch (node) {
      case Node.Pipeline _ -> true;
      case Node.Keep keep -> flowsIntoPipeline(keep.body());
      case Node.For loop -> loop.flow() && flowsIntoPipeline(loop.body());
      case Node.Iterate loop -> loop.flow() && flowsIntoPipeline(loop.body());
      case Node.Spatial _,
          Node.Last _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          false;
    };
  }

  /** The pipeline that a flow loop, or the node itself, leads to. */
  static Node.Pipeline pipelineBelow(Node top) {
    Node node = top;
    while (!(node instanceof Node.Pipeline)) {
      node = node.children().getFirst();
    }
    return (Node.Pipeline) node;
  }

  /** Refuses work between a pipeline and its stages: it would have no tile. */
  static void requireStages(Node node) {
    switch (node) {
      case Node.Stage _ -> {}
      case Node.Seq seq -> seq.parts().forEach(Trees::requireStages);
      case Node.Par par -> par.parts().forEach(Trees::requireStages);
      case Node.Interleave interleave -> interleave.parts().forEach(Trees::requireStages);
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Pipeline _,
          Node.Compute _ ->
          throw new IllegalArgumentException("work between a pipeline and its stages");
    }
  }

  /** Computes and the stage of each in the pipeline that the node is the body of. */
  static List<StagedCompute> computes(Node node) {
    List<StagedCompute> found = new ArrayList<>();
    collect(node, 0, true, found);
    return found;
  }

  /** A compute and its stage. */
  record StagedCompute(Node.Compute compute, int stage) {}

  private static void collect(
      Node node, int stage, boolean ownPipeline, List<StagedCompute> found) {
    switch (node) {
      case Node.Compute compute -> found.add(new StagedCompute(compute, stage));
      case Node.Stage inner ->
          collect(inner.body(), ownPipeline ? inner.offset() : stage, ownPipeline, found);
      case Node.Pipeline inner -> collect(inner.body(), stage, false, found);
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Interleave _ ->
          node.children().forEach(child -> collect(child, stage, ownPipeline, found));
    }
  }
}
