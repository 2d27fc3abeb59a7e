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
        .or(() -> refusals.waves(root));
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

  /** Elements of a nest go on when all are done. */
  private Optional<String> fills() {
    return problem.architecture().units().stream()
        .flatMap(unit -> unit.axes().stream())
        .filter(axis -> axis.takesTimeToPass() && axis.fill() == Axis.Fill.SKEWED)
        .findFirst()
        .map(axis -> "elements of %s that are skewed".formatted(axis.name()));
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
}
