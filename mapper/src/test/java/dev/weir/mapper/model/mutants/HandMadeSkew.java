package dev.weir.mapper.model.mutants;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.model.ShippedCostTest;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Shipped pipelines on skewed arrays whose memories never limit, so that only skew decides. */
public final class HandMadeSkew {

  private HandMadeSkew() {}

  public static List<Problem> all() {
    List<Problem> pipelines =
        ShippedCostTest.problems()
            .filter(problem -> hasPipeline(problem.schedule().root()))
            .toList();
    return Stream.concat(pipelines.stream(), Stream.of(ofOneKey(pipelines.getFirst())))
        .map(HandMadeSkew::skewed)
        .toList();
  }

  /** Nothing passes along the rows: one of them is used. */
  private static Problem ofOneKey(Problem problem) {
    Map<RankName, Long> shapes = new HashMap<>();
    Map.of("B", 1L, "H", 1L, "P", 8L, "M", 1L, "E", 3L, "F", 2L)
        .forEach((rank, shape) -> shapes.put(new RankName(rank), shape));
    return Problem.of(problem.cascade(), problem.schedule(), problem.architecture(), shapes);
  }

  private static boolean hasPipeline(Node node) {
    return node instanceof Node.Pipeline
        || node.children().stream().anyMatch(HandMadeSkew::hasPipeline);
  }

  private static Problem skewed(Problem problem) {
    Architecture machine = problem.architecture();
    return new Problem(
        problem.cascade(),
        problem.schedule(),
        new Architecture(
            machine.name(),
            machine.description(),
            machine.clockHertz(),
            machine.wordBits(),
            machine.levels().stream().map(HandMadeSkew::unlimited).toList(),
            machine.units().stream().map(HandMadeSkew::skewed).toList(),
            machine.links(),
            machine.sources()),
        problem.shapes());
  }

  private static MemoryLevel unlimited(MemoryLevel level) {
    return new MemoryLevel(
        level.name(), level.capacityWords(), level.instanceAxes(), Optional.empty(), 1, 1);
  }

  private static ComputeUnit skewed(ComputeUnit unit) {
    List<Axis> axes =
        unit.axes().stream()
            .map(
                axis ->
                    new Axis(
                        axis.name(), axis.kind(), axis.width(), axis.width(), 5, Axis.Fill.SKEWED))
            .toList();
    return new ComputeUnit(
        unit.name(), axes, unit.operations(), unit.variants(), unit.reads(), unit.writes());
  }
}
