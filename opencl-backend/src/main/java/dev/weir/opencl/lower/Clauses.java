package dev.weir.opencl.lower;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import java.util.Set;

/** Clauses of a schedule that no kernel can follow yet are refused, never left out. */
final class Clauses {

  private Clauses() {}

  /** Throws at the first that cannot be followed. */
  static void require(Node node, NodePath path) {
    switch (node) {
      case Node.For loop -> {
        if (loop.skip()) {
          throw new RefusedException(
              path,
              "skip is not lowered to kernels yet; leave it out, and absent points are passed"
                  + " over");
        }
        recompute(loop.recompute(), path);
      }
      case Node.Spatial loop -> recompute(loop.recompute(), path);
      case Node.Keep keep ->
          keep.inPlaceOf()
              .ifPresent(
                  old -> {
                    throw new RefusedException(
                        path,
                        "%s in place of %s is not lowered to kernels yet; give it room of its own"
                            .formatted(keep.tensors().getFirst(), old));
                  });
      case Node.Iterate _,
          Node.Last _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ -> {}
    }
    for (int child = 0; child < node.children().size(); child++) {
      require(node.children().get(child), path.child(child));
    }
  }

  private static void recompute(Set<TensorName> einsums, NodePath path) {
    if (!einsums.isEmpty()) {
      throw new RefusedException(
          path,
          "recompute %s is not lowered to kernels yet; move %s out of this loop"
              .formatted(einsums.iterator().next(), einsums.iterator().next()));
    }
  }
}
