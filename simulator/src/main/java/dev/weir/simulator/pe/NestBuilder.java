package dev.weir.simulator.pe;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/** Builds nests: which loops their elements lie along, and what they read and write where. */
final class NestBuilder {

  private final Parts parts;

  NestBuilder(Parts parts) {
    this.parts = parts;
  }

  /**
   * Builds one.
   *
   * @param numbers gives every loop of the nest its number
   */
  Nest build(Node top, Place place, IntSupplier numbers) {
    Node.Compute compute = Tree.computeOf(top);
    Einsum einsum = parts.producer(compute.einsum());
    List<Loop> loops = new ArrayList<>();
    for (Node node = top; !(node instanceof Node.Compute); node = node.children().getFirst()) {
      loops.add(loop(node, numbers.getAsInt()));
    }
    List<Nest.Direction> directions = directions(place.path().loops(), loops, einsum);
    List<Nest.Use> operands =
        einsum.value().reads().map(access -> operand(access, place, directions)).toList();
    TensorName output = einsum.output().tensor();
    Nest.Use written = use(einsum.output(), place, directions, loop -> loop.reduces(output));
    List<Integer> reduced = parts.reduced(output);
    PointValue value =
        new PointValue(
            parts.problem().cascade(),
            parts.problem().shapes(),
            parts.coordinates(),
            parts.arithmetic());
    PointValue.Computed computed = value.compile(einsum.value());
    Map<OperationKind, Integer> perPoint = Operations.perPoint(einsum, parts.problem().cascade());
    Map<OperationKind, OperationCost> costs = unit(compute).operations();
    boolean asksForCoordinates =
        value.usesCoordinates()
            || operands.stream().anyMatch(use -> !use.address().isLinear())
            || !written.address().isLinear();
    return new Nest(
        compute.einsum(),
        compute.unit(),
        parts.unitNumber(compute.unit()),
        place.path(),
        loops,
        directions,
        cyclesPerStep(compute, perPoint),
        addingCycles(einsum, costs, perPoint),
        lateCycles(costs, perPoint),
        perPoint,
        operands,
        new Nest.Result(written, einsum.reduction(), reduced, mustBeFirst(output, place, reduced)),
        computed,
        einsum.condition(),
        asksForCoordinates);
  }

  private Loop loop(Node node, int number) {
    return switch (node) {
      case Node.For loop ->
          new Loop(
              number,
              parts.space().number(loop.rank()),
              parts.problem().value(loop.tile()),
              1,
              Optional.empty());
      case Node.Spatial loop -> parts.spatial(number, loop);
      case Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          throw new IllegalArgumentException(node + " is not a loop of a nest");
    };
  }

  private List<Nest.Direction> directions(List<Loop> around, List<Loop> own, Einsum einsum) {
    List<Nest.Direction> directions = new ArrayList<>();
    for (int depth = 0; depth < around.size(); depth++) {
      if (around.get(depth).isSpatial()) {
        directions.add(new Nest.Direction(around.get(depth), depth, false, 0, 0, false));
      }
    }
    for (int depth = 0; depth < own.size(); depth++) {
      Loop loop = own.get(depth);
      if (loop.isSpatial()) {
        Axis axis = parts.axis(loop.spatial().orElseThrow().axis());
        boolean isSeen = axis.takesTimeToPass();
        long drain =
            loop.reduces(einsum.output().tensor())
                ? axis.drainCycles().getOrDefault(OperationKind.of(einsum.reduction()), 0L)
                : 0;
        int hop = isSeen ? Math.toIntExact(axis.hopCycles()) : 0;
        boolean isWhole = isSeen && axis.fill() == Axis.Fill.WHOLE;
        directions.add(new Nest.Direction(loop, depth, true, hop, drain, isWhole));
      }
    }
    return directions;
  }

  private Nest.Use operand(Access access, Place place, List<Nest.Direction> directions) {
    return use(access, place, directions, loop -> loop.multicasts(access.tensor()));
  }

  private Nest.Use use(
      Access access, Place place, List<Nest.Direction> directions, Predicate<Loop> merges) {
    TensorName tensor = access.tensor();
    TileStore store =
        place
            .home(tensor)
            .map(Place.Home::store)
            .or(() -> parts.top(tensor))
            .orElseThrow(() -> new IllegalArgumentException(tensor + " has no home"));
    List<Boolean> merged = new ArrayList<>();
    List<Boolean> selects = new ArrayList<>();
    for (Nest.Direction direction : directions) {
      boolean isBelow = direction.isInNest() || direction.depth() >= store.depth();
      merged.add(isBelow && merges.test(direction.loop()));
      selects.add(parts.selects(direction.loop(), store.level()));
    }
    Address address =
        new Address(access, parts.layout(tensor), parts.space(), parts.problem().shapes());
    return new Nest.Use(tensor, store, address, merged, selects);
  }

  /** Temporal loops outside the nest along which sums go on, from the outermost home on. */
  private List<Integer> mustBeFirst(TensorName output, Place place, List<Integer> reduced) {
    int from =
        place
            .home(output)
            .filter(home -> home.next().isEmpty())
            .map(home -> home.store().depth())
            .orElse(0);
    return place.path().loops().subList(from, place.path().depth()).stream()
        .filter(loop -> !loop.isSpatial() && reduced.contains(loop.rank()))
        .map(Loop::number)
        .toList();
  }

  private ComputeUnit unit(Node.Compute compute) {
    return parts.problem().unit(compute);
  }

  /** Latency of what puts a contribution into the sum: the multiplication, if they are one. */
  private static long addingCycles(
      Einsum einsum,
      Map<OperationKind, OperationCost> costs,
      Map<OperationKind, Integer> perPoint) {
    OperationKind adding =
        perPoint.containsKey(OperationKind.MULTIPLY_ACCUMULATE)
            ? OperationKind.MULTIPLY_ACCUMULATE
            : OperationKind.of(einsum.reduction());
    boolean adds = !einsum.reducedRanks().isEmpty() && perPoint.containsKey(adding);
    return adds ? costs.get(adding).latencyCycles() : 0;
  }

  private static long lateCycles(
      Map<OperationKind, OperationCost> costs, Map<OperationKind, Integer> perPoint) {
    return perPoint.keySet().stream()
        .map(costs::get)
        .mapToLong(
            cost ->
                (long) Math.ceil(cost.latencyCycles() - cost.initiationIntervalCycles().toDouble()))
        .filter(late -> late > 0)
        .max()
        .orElse(0);
  }

  private Rational cyclesPerStep(Node.Compute compute, Map<OperationKind, Integer> perPoint) {
    ComputeUnit unit = unit(compute);
    Rational cycles = Rational.ZERO;
    for (Map.Entry<OperationKind, Integer> entry : perPoint.entrySet()) {
      OperationCost cost =
          Optional.ofNullable(unit.operations().get(entry.getKey()))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "unit " + unit.name() + " has no operation " + entry.getKey().text()));
      cycles = cycles.plus(cost.initiationIntervalCycles().times(entry.getValue()));
    }
    return cycles;
  }
}
