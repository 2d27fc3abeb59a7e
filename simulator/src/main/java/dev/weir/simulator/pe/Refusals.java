package dev.weir.simulator.pe;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.PlainReading;
import dev.weir.mapper.schedule.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Why legal problems cannot be run. */
final class Refusals {

  private final Problem problem;
  private final Map<TensorName, Set<RankName>> reduced = new HashMap<>();
  private final Map<TensorName, Set<TensorName>> reads = new HashMap<>();

  private Refusals(Problem problem) {
    this.problem = problem;
    for (Einsum einsum : problem.cascade().einsums()) {
      if (!einsum.isInitial()) {
        reduced.put(name(einsum), einsum.reducedRanks());
        reads.put(
            name(einsum), einsum.value().reads().map(Access::tensor).collect(Collectors.toSet()));
      }
    }
  }

  static Optional<String> of(Problem problem) {
    Node root = problem.schedule().root();
    Refusals refusals = new Refusals(problem);
    return refusals
        .einsums()
        .or(() -> PlainReading.exception(problem).map(what -> what + ", which it cannot follow"))
        .or(refusals::fills)
        .or(() -> refusals.waves(root))
        .or(() -> refusals.staleSums(root));
  }

  private Optional<String> einsums() {
    for (Einsum einsum : problem.cascade().einsums()) {
      if (einsum.condition().isPresent() && !einsum.condition().get().isWhole()) {
        return Optional.of("a condition of %s that values decide".formatted(name(einsum)));
      }
      if (einsum.populate().isPresent()) {
        return Optional.of("coordinates that %s populates".formatted(name(einsum)));
      }
    }
    return Optional.empty();
  }

  private static TensorName name(Einsum einsum) {
    return einsum.output().tensor();
  }

  /** Elements of a nest go on when all are done, and steps leave at the last one in use. */
  private Optional<String> fills() {
    return problem.architecture().units().stream()
        .flatMap(unit -> unit.axes().stream())
        .filter(axis -> axis.takesTimeToPass() && axis.fill() != Axis.Fill.USED)
        .findFirst()
        .map(
            axis ->
                axis.fill() == Axis.Fill.WHOLE
                    ? "a fill of all of %s".formatted(axis.name())
                    : "elements of %s that are skewed".formatted(axis.name()));
  }

  /** What one wave leaves out of a read that several share, another may need. */
  private Optional<String> waves(Node root) {
    boolean isConditional =
        problem.cascade().einsums().stream().anyMatch(e -> e.condition().isPresent());
    return isConditional && sharesAcrossWaves(root)
        ? Optional.of("words that waves share where points may be absent")
        : Optional.empty();
  }

  private boolean sharesAcrossWaves(Node node) {
    boolean here = false;
    if (node instanceof Node.Spatial loop) {
      Axis axis = problem.architecture().axis(loop.axis()).orElseThrow();
      boolean shares = !loop.multicast().isEmpty() || !loop.reduce().isEmpty();
      here = shares && axis.instances() < axis.width();
    }
    return here || node.children().stream().anyMatch(this::sharesAcrossWaves);
  }

  /**
   * A keep among the loops of a pipeline is entered when its first stage comes to a tile and left
   * when its last stage is through. If sums go on from tile to tile, and that takes epochs, they
   * would come back before they have left.
   */
  private Optional<String> staleSums(Node node) {
    if (node instanceof Node.Pipeline || Tree.isFlow(node)) {
      Optional<String> found = staleSumsOf(node);
      if (found.isPresent()) {
        return found;
      }
    }
    return node.children().stream().flatMap(child -> staleSums(child).stream()).findFirst();
  }

  private Optional<String> staleSumsOf(Node top) {
    Node.Pipeline pipeline = Tree.pipelineBelow(top);
    Set<RankName> looped = new HashSet<>();
    Map<TensorName, Integer> leftAfter = new HashMap<>();
    boolean isInHead = false;
    Node node = top;
    while (node instanceof Node.Keep || !isInHead) {
      switch (node) {
        case Node.For loop -> looped.add(loop.rank());
        case Node.Iterate loop -> looped.add(loop.rank());
        case Node.Pipeline loop -> {
          looped.add(loop.rank());
          isInHead = true;
        }
        case Node.Keep keep -> {
          Stages stages = Stages.of(keep, pipeline, isInHead, reads);
          for (TensorName tensor : keep.tensors()) {
            if (stages.last() > stages.first()
                && Tree.produces(keep.body(), tensor)
                && reduced.get(tensor).stream().anyMatch(looped::contains)) {
              return Optional.of(
                  "sums of %s that come back before they have left".formatted(tensor));
            }
            if (leftAfter.getOrDefault(tensor, stages.last()) < stages.last()
                && Tree.produces(keep.body(), tensor)) {
              return Optional.of(
                  "a keep of %s that is left before one inside it stores".formatted(tensor));
            }
            leftAfter.put(tensor, stages.last());
          }
        }
        case Node.Spatial _,
            Node.Last _,
            Node.Seq _,
            Node.Par _,
            Node.Stage _,
            Node.Interleave _,
            Node.Compute _ ->
            throw new IllegalArgumentException("between a flow loop and its pipeline: " + node);
      }
      node = node.children().getFirst();
    }
    return Optional.empty();
  }
}
