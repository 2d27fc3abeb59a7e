package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A node of the schedule where it runs in a kernel: one after another, the stages of a pipeline in
 * order within a tile.
 *
 * @param node which node; its children are those of this part instead
 * @param path where it stands in the schedule
 * @param children what runs inside, in order
 */
record Part(Node node, NodePath path, List<Part> children) {
  Part {
    children = List.copyOf(children);
  }

  Part child() {
    return children.getFirst();
  }

  /** All computes inside, in order. */
  Stream<Part> computes() {
    return node instanceof Node.Compute
        ? Stream.of(this)
        : children.stream().flatMap(Part::computes);
  }

  /** The way to every compute inside: this part first, the compute last. */
  Stream<List<Part>> pathsToComputes() {
    if (node instanceof Node.Compute) {
      return Stream.of(List.of(this));
    }
    return children.stream()
        .flatMap(Part::pathsToComputes)
        .map(
            below -> {
              List<Part> path = new ArrayList<>(List.of(this));
              path.addAll(below);
              return path;
            });
  }

  boolean produces(TensorName tensor) {
    return computes()
        .anyMatch(
            part -> part.node() instanceof Node.Compute compute && compute.einsum().equals(tensor));
  }

  /** Whether only loops stand between it and its one compute (docs/schedule.md, section 3). */
  boolean isNest() {
    return switch (node) {
      case Node.Compute _ -> true;
      case Node.For _, Node.Spatial _ -> child().isNest();
      case Node.Iterate _, Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ -> false;
      case Node.Pipeline _, Node.Stage _, Node.Interleave _ -> false;
    };
  }

  /** Every access to a tensor by the computes inside, the written one included. */
  Stream<Access> accesses(TensorName tensor, Facts facts) {
    return computes()
        .flatMap(part -> facts.accesses(((Node.Compute) part.node()).einsum()))
        .filter(access -> access.tensor().equals(tensor));
  }
}
