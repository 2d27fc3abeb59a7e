package dev.weir.opencl.lower;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Puts a schedule in the order in which a kernel runs it. A work-item has one unit, so {@code par}
 * and {@code interleave} are sequences, and a pipeline does all stages of a tile before the next:
 * whatever a stage needs of its own tile comes from an earlier one.
 */
final class Sequencing {

  private Sequencing() {}

  static Part of(Node root) {
    return part(root, NodePath.ROOT);
  }

  private static Part part(Node node, NodePath path) {
    if (node instanceof Node.Pipeline pipeline) {
      return new Part(node, path, List.of(ordered(part(pipeline.body(), path.child(0)))));
    }
    List<Part> children = new ArrayList<>();
    for (Node child : node.children()) {
      children.add(part(child, path.child(children.size())));
    }
    return roomFirst(new Part(node, path, children));
  }

  /** A tile whose room another one takes is there first, though its keep may stand inside. */
  private static Part roomFirst(Part keep) {
    boolean isSwapped =
        keep.node() instanceof Node.Keep own
            && own.inPlaceOf().filter(room -> isKeptNext(room, keep.child())).isPresent();
    if (!isSwapped) {
      return keep;
    }
    Part inner = keep.child();
    Part swapped = new Part(keep.node(), keep.path(), inner.children());
    return new Part(inner.node(), inner.path(), List.of(roomFirst(swapped)));
  }

  private static boolean isKeptNext(TensorName tensor, Part part) {
    return part.node() instanceof Node.Keep keep
        && (keep.tensors().contains(tensor) || isKeptNext(tensor, part.child()));
  }

  /** Keeps in a pipeline's head hand tiles over between stages, so the stages are ordered below. */
  private static Part ordered(Part head) {
    if (head.node() instanceof Node.Keep) {
      return new Part(head.node(), head.path(), List.of(ordered(head.child())));
    }
    TreeSet<Integer> stages = new TreeSet<>(stages(head).toList());
    stages.add(0);
    List<Part> inOrder = new ArrayList<>();
    for (int stage : stages) {
      only(stage, head).ifPresent(inOrder::add);
    }
    return new Part(new Node.Seq(List.of()), head.path(), inOrder);
  }

  private static Stream<Integer> stages(Part part) {
    return part.node() instanceof Node.Stage stage
        ? Stream.of(stage.offset())
        : part.children().stream().flatMap(Sequencing::stages);
  }

  /** What of a part belongs to a stage; what stands in none belongs to stage 0. */
  private static Optional<Part> only(int stage, Part part) {
    List<Integer> inside = stages(part).distinct().toList();
    if (inside.size() < 2) {
      return inside.equals(List.of(stage)) || (inside.isEmpty() && stage == 0)
          ? Optional.of(part)
          : Optional.empty();
    }
    switch (part.node()) {
      case Node.Seq _, Node.Par _, Node.Interleave _ -> {}
      case Node.For _, Node.Spatial _, Node.Iterate _, Node.Last _, Node.Keep _ ->
          throw new RefusedException(
              part.path(),
              "several stages of a pipeline stand below one loop or keep, so a kernel cannot run"
                  + " them in order",
              "write the keep in the pipeline's head, the loop in each stage");
      case Node.Pipeline _, Node.Stage _, Node.Compute _ ->
          throw new RefusedException(
              part.path(),
              "a stage of a pipeline holds other stages",
              "write the inner stages as a seq");
    }
    List<Part> children =
        part.children().stream().flatMap(child -> only(stage, child).stream()).toList();
    return Optional.of(new Part(part.node(), part.path(), children));
  }
}
