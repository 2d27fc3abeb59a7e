package dev.weir.simulator.machine;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.schedule.Node;
import dev.weir.simulator.component.Memory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Prepares one nest: resolves homes and says how every loop counts for every access. */
final class NestBuilder {

  private final Preparation given;
  private final Place place;
  private final NestLoops loops;
  private final Node.Compute compute;
  private final Einsum einsum;
  private final Instances around;

  private NestBuilder(
      Preparation given, Place place, List<NestLoops.NestLoop> loops, Node.Compute compute) {
    this.given = given;
    this.place = place;
    this.loops = new NestLoops(given.ranks(), loops);
    this.compute = compute;
    this.einsum = given.tensors().producer(compute.einsum());
    this.around = new Instances(place.loops());
  }

  static Nest build(Preparation given, Place place, Node nest) {
    List<Node> around = new ArrayList<>();
    Node node = nest;
    while (!(node instanceof Node.Compute)) {
      around.add(node);
      node = node.children().getFirst();
    }
    Node.Compute compute = (Node.Compute) node;
    Einsum einsum = given.tensors().producer(compute.einsum());
    List<NestLoops.NestLoop> loops =
        around.stream().map(loop -> loop(given, place, loop, einsum)).toList();
    return new NestBuilder(given, place, loops, compute).build();
  }

  private static NestLoops.NestLoop loop(Preparation given, Place place, Node node, Einsum einsum) {
    return switch (node) {
      case Node.For loop ->
          new NestLoops.NestLoop(
              given.rank(loop.rank()), given.value(loop.tile()), 1, 0, 0, 0, Optional.empty());
      case Node.Spatial loop -> {
        Axis axis = given.axis(loop.axis());
        long hop = axis.takesTimeToPass() ? axis.hopCycles() : 0;
        boolean late = axis.fill() == Axis.Fill.SKEWED && place.inPipeline();
        boolean whole = axis.fill() == Axis.Fill.WHOLE;
        long wholeFill = whole ? Math.multiplyExact(axis.instances() - 1, hop) : 0;
        yield new NestLoops.NestLoop(
            given.rank(loop.rank()),
            given.value(loop.tile()),
            axis.instances(),
            whole || (late && !SkewedEpochs.isPassedAtOnce(given.tensors(), place, loop, einsum))
                ? 0
                : hop,
            late ? hop : 0,
            Math.addExact(wholeFill, drain(loop, axis, einsum)),
            Optional.of(new SpatialBinding(loop.axis(), loop.multicast(), loop.reduce())));
      }
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

  private static long drain(Node.Spatial loop, Axis axis, Einsum einsum) {
    return loop.reduce().contains(einsum.output().tensor())
        ? axis.drainCycles().getOrDefault(OperationKind.of(einsum.reduction()), 0L)
        : 0;
  }

  private Nest build() {
    Map<OperationKind, Integer> perPoint = Operations.perPoint(einsum, given.problem().cascade());
    Optional<Nest.Presence> presence = einsum.condition().map(this::presence);
    Nest.Plan plan =
        new Nest.Plan(
            compute.einsum(),
            given.machine().unitNumber(compute.unit()),
            cyclesPerStep(perPoint),
            results(perPoint),
            around,
            loops,
            einsum.value().reads().map(this::operand).toList(),
            result(presence),
            operations(perPoint),
            presence);
    return new Nest(plan, memo(plan));
  }

  private Memo<Cost.OfNest> memo(Nest.Plan plan) {
    List<Integer> ranks = new ArrayList<>();
    einsum.iterationSpace().forEach(rank -> ranks.add(given.rank(rank)));
    for (int rank : List.copyOf(ranks)) {
      if (given.ranks().outerOf(rank) != Ranks.NONE) {
        ranks.add(given.ranks().outerOf(rank));
      }
    }
    List<Integer> lows = new ArrayList<>();
    einsum.condition().ifPresent(condition -> lows.addAll(given.ranks().ranksOf(condition)));
    return new Memo<>(given.ranks(), ranks, lows, plan.result().mustBeFirst(), place.loops());
  }

  private Rational cyclesPerStep(Map<OperationKind, Integer> perPoint) {
    ComputeUnit unit = given.problem().unit(compute);
    Rational sum = Rational.ZERO;
    for (Map.Entry<OperationKind, Integer> entry : perPoint.entrySet()) {
      OperationCost cost = unit.operations().get(entry.getKey());
      if (cost == null) {
        throw new IllegalArgumentException(
            "unit " + unit.name() + " has no operation " + entry.getKey().text());
      }
      sum = sum.plus(cost.initiationIntervalCycles().times(entry.getValue()));
    }
    return sum;
  }

  /** The last result is late by as much as a latency exceeds its interval, rounded up. */
  private Nest.Results results(Map<OperationKind, Integer> perPoint) {
    ComputeUnit unit = given.problem().unit(compute);
    long last = 0;
    for (OperationKind kind : perPoint.keySet()) {
      OperationCost cost = unit.operations().get(kind);
      Rational interval = cost.initiationIntervalCycles();
      last = Math.max(last, cost.latencyCycles() - interval.numerator() / interval.denominator());
    }
    Rational step = cyclesPerStep(perPoint);
    long spacing = einsum.reducedRanks().isEmpty() ? 0 : addingCycles(perPoint, unit);
    if (Rational.of(spacing).compareTo(step) <= 0) {
      return new Nest.Results(Optional.empty(), last);
    }
    Set<Integer> outputRanks = einsum.output().ranks().map(given::rank).collect(Collectors.toSet());
    IssueTime steps =
        new IssueTime(
            given.ranks(),
            loops.loops(),
            outputRanks,
            step.numerator(),
            Math.multiplyExact(spacing, step.denominator()));
    return new Nest.Results(Optional.of(steps), last);
  }

  /** Latency of the operation that adds a contribution to what is there. */
  private long addingCycles(Map<OperationKind, Integer> perPoint, ComputeUnit unit) {
    boolean isFused = perPoint.containsKey(OperationKind.MULTIPLY_ACCUMULATE);
    OperationKind adding =
        isFused ? OperationKind.MULTIPLY_ACCUMULATE : OperationKind.of(einsum.reduction());
    return perPoint.containsKey(adding) ? unit.operations().get(adding).latencyCycles() : 0;
  }

  private List<Nest.Operations> operations(Map<OperationKind, Integer> perPoint) {
    List<Nest.Operations> operations = new ArrayList<>();
    perPoint.forEach(
        (kind, amount) ->
            operations.add(
                new Nest.Operations(
                    given.counters().work(compute.einsum(), compute.unit(), kind), amount)));
    return operations;
  }

  private Nest.Presence presence(Condition condition) {
    PredicateBox box = new PredicateBox(given.ranks(), given.problem().shapes());
    return new Nest.Presence(
        condition,
        box,
        new PresentPoints(condition, box, around, loops, given.ranks().ranksOf(condition)));
  }

  private Nest.Use operand(Access access) {
    TensorName tensor = access.tensor();
    return use(tensor, Movement.READ, binding -> binding.multicast().contains(tensor), Set.of());
  }

  private Memory home(TensorName tensor) {
    return place.home(tensor).map(Place.Home::memory).orElse(given.machine().top());
  }

  private int homeDepth(TensorName tensor) {
    return place.home(tensor).map(Place.Home::depth).orElse(0);
  }

  /**
   * How loops count.
   *
   * @param merges spatial loops below the home that count once
   * @param onlyFirst ranks of which only the first step counts
   */
  private Nest.Use use(
      TensorName tensor,
      Movement movement,
      Predicate<SpatialBinding> merges,
      Set<Integer> onlyFirst) {
    Memory memory = home(tensor);
    int depth = homeDepth(tensor);
    List<Instances.Mode> aroundModes = new ArrayList<>();
    List<Instances.Mode> portAround = new ArrayList<>();
    for (int i = 0; i < place.depth(); i++) {
      Loop loop = place.loops().get(i);
      boolean once =
          i >= depth
              && (loop.spatial().filter(merges).isPresent() || onlyFirst.contains(loop.rank()));
      boolean selects = loop.spatial().filter(b -> selects(b, memory)).isPresent();
      aroundModes.add(once ? Instances.Mode.ONCE : Instances.Mode.EACH);
      portAround.add(once || selects ? Instances.Mode.BUSIEST : Instances.Mode.EACH);
    }
    List<NestLoops.Mode> within = new ArrayList<>();
    List<NestLoops.Mode> portWithin = new ArrayList<>();
    for (NestLoops.NestLoop loop : loops.loops()) {
      boolean once = loop.binding().filter(merges).isPresent() || onlyFirst.contains(loop.rank());
      boolean selects = loop.binding().filter(b -> selects(b, memory)).isPresent();
      within.add(once ? NestLoops.Mode.FIRST : NestLoops.Mode.ALL);
      portWithin.add(selects && !once ? NestLoops.Mode.WAVES : within.getLast());
    }
    LevelName level = memory.name();
    return new Nest.Use(
        memory,
        given.counters().traffic(tensor, level, movement),
        aroundModes,
        within,
        portAround,
        portWithin);
  }

  private boolean selects(SpatialBinding binding, Memory memory) {
    return given.machine().selects(binding.axis(), memory);
  }

  private Nest.Result result(Optional<Nest.Presence> presence) {
    TensorName tensor = compute.einsum();
    Set<Integer> reduced = new HashSet<>();
    for (RankName rank : einsum.reducedRanks()) {
      reduced.add(given.rank(rank));
    }
    Predicate<SpatialBinding> merges = binding -> binding.reduce().contains(tensor);
    Nest.Use write = use(tensor, Movement.WRITE, merges, Set.of());
    Nest.Use first = use(tensor, Movement.WRITE, merges, reduced);
    List<Loop> reducing = reducingLoops(tensor, reduced);
    Optional<Integer> accumulator =
        reduced.isEmpty()
            ? Optional.empty()
            : Optional.of(given.counters().traffic(tensor, write.memory().name(), Movement.READ));
    return new Nest.Result(
        write,
        accumulator,
        first,
        reducing,
        accumulator.isPresent() ? presence.flatMap(p -> tracked(p, reduced)) : Optional.empty());
  }

  /** Temporal loops over reduced ranks outside the nest, from the outermost home on. */
  private List<Loop> reducingLoops(TensorName tensor, Set<Integer> reduced) {
    int from = place.home(tensor).filter(home -> !home.hasNext()).map(Place.Home::depth).orElse(0);
    return place.loops().subList(from, place.depth()).stream()
        .filter(loop -> !loop.isSpatial() && reduced.contains(loop.rank()))
        .toList();
  }

  /** Needed when the condition decides in which step of a loop outside an element comes first. */
  private Optional<TouchedElements> tracked(Nest.Presence presence, Set<Integer> reduced) {
    Set<Integer> coupled = given.ranks().ranksOf(presence.condition());
    int depth = homeDepth(compute.einsum());
    boolean needed =
        place.loops().subList(depth, place.depth()).stream()
            .anyMatch(loop -> reduced.contains(loop.rank()) && coupled.contains(loop.rank()));
    if (!needed) {
      return Optional.empty();
    }
    List<Integer> outputRanks = einsum.output().ranks().map(given::rank).toList();
    List<Loop> partial =
        reducingLoops(compute.einsum(), reduced).stream()
            .filter(loop -> place.loops().indexOf(loop) < depth)
            .toList();
    return Optional.of(
        new TouchedElements(
            around, loops, presence, outputRanks, place.loops().subList(0, depth), partial));
  }
}
