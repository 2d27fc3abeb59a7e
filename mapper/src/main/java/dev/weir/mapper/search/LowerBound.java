package dev.weir.mapper.search;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What no schedule with these bindings can beat: every operation is done by its unit, every input
 * is read from the top level and every output written there at least once.
 *
 * @param seconds latency
 * @param picojoules energy
 */
record LowerBound(double seconds, double picojoules) {

  /** So much less than what was summed up: sums in another order differ by rounding. */
  private static final double ROUNDING = 1 - 1e-9;

  static LowerBound of(Problem problem) {
    Map<UnitName, Double> busyCycles = new HashMap<>();
    double picojoules = addOperations(problem, problem.schedule().root(), busyCycles);
    MemoryLevel top = problem.architecture().top();
    double in = words(problem, Tensor.Role.INPUT);
    double out = words(problem, Tensor.Role.OUTPUT);
    double cycles = busyCycles.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    if (top.bandwidth().isPresent()) {
      double read = in / top.bandwidth().get().readWordsPerCycle().toDouble();
      double written = out / top.bandwidth().get().writeWordsPerCycle().toDouble();
      cycles = Math.max(cycles, Math.max(read, written));
    }
    return new LowerBound(
        ROUNDING * cycles / problem.architecture().clockHertz(),
        ROUNDING * (picojoules + in * top.readPicojoules() + out * top.writePicojoules()));
  }

  private static double addOperations(
      Problem problem, Node node, Map<UnitName, Double> busyCycles) {
    double picojoules = 0;
    if (node instanceof Node.Compute compute) {
      Optional<ComputeUnit> unit =
          problem.architecture().unit(compute.unit()).map(u -> u.choosing(compute.variants()));
      Optional<Einsum> einsum = produces(problem.cascade(), compute.einsum());
      if (unit.isPresent() && einsum.filter(LowerBound::doesAllPoints).isPresent()) {
        picojoules += addOperations(problem, einsum.get(), unit.get(), busyCycles);
      }
    }
    for (Node child : node.children()) {
      picojoules += addOperations(problem, child, busyCycles);
    }
    return picojoules;
  }

  private static double addOperations(
      Problem problem, Einsum einsum, ComputeUnit unit, Map<UnitName, Double> busyCycles) {
    double points = points(einsum.iterationSpace(), problem.cascade(), problem.shapes());
    double instances = unit.instances();
    double picojoules = 0;
    for (Map.Entry<OperationKind, Integer> kind :
        Operations.perPoint(einsum, problem.cascade()).entrySet()) {
      OperationCost cost = unit.operations().get(kind.getKey());
      if (cost != null) {
        double operations = points * kind.getValue();
        double cycles = operations * cost.initiationIntervalCycles().toDouble() / instances;
        busyCycles.merge(unit.name(), cycles, Double::sum);
        picojoules += operations * cost.picojoules();
      }
    }
    return picojoules;
  }

  private static Optional<Einsum> produces(Cascade cascade, TensorName tensor) {
    return cascade.einsums().stream()
        .filter(einsum -> !einsum.isInitial() && einsum.output().tensor().equals(tensor))
        .findFirst();
  }

  /** Both parts of a partitioned rank together have as many coordinates as the rank. */
  private static double points(Set<RankName> space, Cascade cascade, Shapes shapes) {
    Set<RankName> ranks = new HashSet<>(space);
    for (Partition split : cascade.partitions()) {
      if (ranks.contains(split.outer()) && ranks.contains(split.inner())) {
        ranks.removeAll(Set.of(split.outer(), split.inner()));
        ranks.add(split.parent());
      }
    }
    return ranks.stream().mapToDouble(shapes::of).reduce(1, (a, b) -> a * b);
  }

  /** Words of the tensors of a role of which every element is certainly touched. */
  private static double words(Problem problem, Tensor.Role role) {
    Set<TensorName> whole = new HashSet<>();
    for (Einsum einsum : problem.cascade().einsums()) {
      if (!doesAllPoints(einsum)) {
        continue;
      }
      einsum.value().reads().filter(LowerBound::coversAll).forEach(a -> whole.add(a.tensor()));
      if (coversAll(einsum.output())) {
        whole.add(einsum.output().tensor());
      }
    }
    return problem.cascade().tensors().stream()
        .filter(tensor -> tensor.role() == role && tensor.generations().isEmpty())
        .filter(tensor -> whole.contains(tensor.name()))
        .mapToDouble(tensor -> words(tensor, problem))
        .sum();
  }

  /** With a condition, points may be absent: none is certain. */
  private static boolean doesAllPoints(Einsum einsum) {
    return einsum.condition().isEmpty();
  }

  private static double words(Tensor tensor, Problem problem) {
    return points(new HashSet<>(tensor.ranks()), problem.cascade(), problem.shapes());
  }

  private static boolean coversAll(Access access) {
    return access.indices().stream()
        .allMatch(i -> i instanceof Index.Coordinate || i instanceof Index.Joined);
  }
}
