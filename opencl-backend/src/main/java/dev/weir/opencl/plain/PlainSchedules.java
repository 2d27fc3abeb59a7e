package dev.weir.opencl.plain;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Projection;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.Size;
import dev.weir.opencl.plain.Regions.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A schedule for any cascade on an OpenCL device: one Einsum after another through global memory,
 * each a kernel; what shares an iteration runs together, with its state in private memory. Nothing
 * is fused that need not be, so it is where a search begins and what a fused schedule is compared
 * with, not a fast one.
 */
public final class PlainSchedules {

  private static final LevelName TOP = new LevelName("Global");
  private static final LevelName PRIVATE = new LevelName("Private");
  private static final UnitName CORE = new UnitName("Core");
  private static final List<AxisName> GROUPS =
      List.of(new AxisName("groups.x"), new AxisName("groups.y"), new AxisName("groups.z"));

  private final Cascade cascade;
  private final Shapes shapes;
  private final Binding binding;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, Projection> projections;

  private PlainSchedules(Cascade cascade, Shapes shapes, Binding binding) {
    this.cascade = cascade;
    this.shapes = shapes;
    this.binding = binding;
    this.tensors = cascade.tensorsByName();
    this.projections = Projection.all(cascade);
  }

  /**
   * The plain schedule of a cascade.
   *
   * @param shapes of the workload: short ranks are not spread
   */
  public static Schedule of(Cascade cascade, Shapes shapes, Binding binding) {
    return new PlainSchedules(cascade, shapes, binding).schedule();
  }

  private Schedule schedule() {
    List<Node> parts = new ArrayList<>();
    Set<TensorName> inside = new HashSet<>();
    for (Region region : Regions.of(cascade)) {
      parts.add(
          switch (region) {
            case Region.Single single -> single(single.einsum());
            case Region.Iteration iteration -> {
              inside.addAll(inside(iteration));
              yield iteration(iteration);
            }
          });
    }
    Node body = sequence(parts);
    List<TensorName> shared =
        cascade.tensors().stream()
            .filter(tensor -> tensor.role() == Tensor.Role.INTERMEDIATE)
            .map(Tensor::name)
            .filter(tensor -> !inside.contains(tensor))
            .toList();
    return new Schedule(
        "plain_" + cascade.name(),
        "one Einsum after another through global memory",
        cascade.name(),
        Map.of(),
        Map.of(),
        shared.isEmpty() ? body : keep(shared, TOP, body));
  }

  private static Node keep(List<TensorName> tensors, LevelName level, Node body) {
    return new Node.Keep(tensors, level, Size.of(1), false, body);
  }

  /** Loops over the output's ranks; below, a private sum and loops over what is reduced. */
  private Node single(Einsum einsum) {
    List<RankName> parallel = parallel(einsum);
    Optional<RankName> spread = spread(parallel);
    return around(parallel, spread, nest(einsum, parallel, spread, false));
  }

  /** Loops over ranks that all have; below, the states, and each Einsum in loops of its own. */
  private Node iteration(Region.Iteration iteration) {
    List<Einsum> all = new ArrayList<>(iteration.steps());
    all.addAll(iteration.after());
    List<RankName> parallel = new ArrayList<>(parallel(all.getFirst()));
    all.forEach(einsum -> parallel.retainAll(parallel(einsum)));
    iteration.states().forEach(state -> parallel.retainAll(state.ranks()));
    parallel.remove(iteration.rank());
    Set<TensorName> inside = inside(iteration);
    Optional<RankName> spread =
        spread(parallel.stream().filter(rank -> isOwn(rank, inside)).toList());
    List<RankName> around = new ArrayList<>(parallel);
    around.add(iteration.rank());
    List<Node> steps = new ArrayList<>();
    for (Einsum einsum : iteration.steps()) {
      steps.add(nest(einsum, around, spread, inside.contains(einsum.output().tensor())));
    }
    List<TensorName> passing =
        iteration.steps().stream()
            .map(einsum -> einsum.output().tensor())
            .filter(
                tensor -> inside.contains(tensor) && tensors.get(tensor).generations().isEmpty())
            .toList();
    Node step = sequence(steps);
    List<Node> parts = new ArrayList<>();
    parts.add(
        new Node.Iterate(
            iteration.rank(), false, passing.isEmpty() ? step : keep(passing, PRIVATE, step)));
    iteration.after().forEach(einsum -> parts.add(nest(einsum, parallel, spread, false)));
    List<TensorName> states = iteration.states().stream().map(Tensor::name).toList();
    return around(parallel, spread, keep(states, PRIVATE, sequence(parts)));
  }

  /** Whether each lane or work-item can have tiles of its own of all these tensors. */
  private boolean isOwn(RankName rank, Set<TensorName> kept) {
    return kept.stream().noneMatch(tensor -> projections.get(tensor).isMappedBy(rank));
  }

  /**
   * States of an iteration, and intermediates that nothing outside its steps uses, except for
   * values that are ordered: whoever checks a kernel must see what it decided by.
   */
  private Set<TensorName> inside(Region.Iteration iteration) {
    Set<TensorName> inside = new HashSet<>();
    Set<TensorName> ordered =
        iteration.steps().stream()
            .filter(einsum -> einsum.populate().isPresent())
            .flatMap(einsum -> einsum.value().reads())
            .map(Access::tensor)
            .filter(tensor -> tensors.get(tensor).ranks().contains(iteration.rank()))
            .collect(Collectors.toSet());
    iteration.states().forEach(state -> inside.add(state.name()));
    iteration.steps().stream()
        .map(einsum -> einsum.output().tensor())
        .filter(tensor -> tensors.get(tensor).role() == Tensor.Role.INTERMEDIATE)
        .filter(tensor -> !ordered.contains(tensor))
        .filter(
            tensor ->
                Regions.placed(cascade)
                    .filter(e -> e.reads().stream().anyMatch(a -> a.tensor().equals(tensor)))
                    .allMatch(iteration.steps()::contains))
        .forEach(inside::add);
    return inside;
  }

  /**
   * An Einsum below loops that stand around.
   *
   * @param isKept whether its output has a private tile around already
   */
  private Node nest(
      Einsum einsum, List<RankName> around, Optional<RankName> spread, boolean isKept) {
    boolean isOrder = einsum.populate().isPresent();
    Node node = new Node.Compute(einsum.output().tensor(), CORE);
    node = isOrder ? node : spread(einsum, spread, node);
    Set<RankName> parallel = new HashSet<>(parallel(einsum));
    around.forEach(parallel::remove);
    Set<RankName> summed = new HashSet<>(einsum.iterationSpace());
    around.forEach(summed::remove);
    summed.removeAll(parallel);
    boolean isWhole = projections.get(einsum.output().tensor()).isMapped();
    boolean isSum = !summed.isEmpty() && !isKept && !isWhole && !isOrder;
    node = loops(outerFirst(summed), node);
    node = isOrder ? spread(einsum, spread, node) : node;
    return loops(
        outerFirst(parallel),
        isSum ? keep(List.of(einsum.output().tensor()), PRIVATE, node) : node);
  }

  private static Node sequence(List<Node> parts) {
    return parts.size() == 1 ? parts.getFirst() : new Node.Seq(parts);
  }

  /** Ranks of the output that are ranks of the iteration space too, outer parts first. */
  private List<RankName> parallel(Einsum einsum) {
    Set<RankName> own = new HashSet<>(einsum.output().ranks().toList());
    einsum.populate().map(Populate::slot).ifPresent(own::remove);
    own.removeIf(rank -> !einsum.iterationSpace().contains(rank));
    return new ArrayList<>(einsum.output().ranks().distinct().filter(own::contains).toList());
  }

  /** The last rank that fills at least two lanes or work-items and is no outer part. */
  private Optional<RankName> spread(List<RankName> parallel) {
    return parallel.reversed().stream()
        .filter(rank -> shapes.of(rank) > 1 && !isOuter(rank))
        .findFirst();
  }

  /** Loops of the lanes stand around the compute, those of work-items around the keeps. */
  private Node spread(Einsum einsum, Optional<RankName> rank, Node body) {
    return binding == Binding.LANES && rank.isPresent()
        ? spatial(rank.get(), 1, binding.axis(), multicast(einsum, rank.get()), body)
        : body;
  }

  private static Node spatial(
      RankName rank, long tile, AxisName axis, Set<TensorName> multicast, Node body) {
    return new Node.Spatial(rank, Size.of(tile), axis, multicast, Set.of(), body);
  }

  /** What is read and lacks the rank: one load serves all lanes. */
  private Set<TensorName> multicast(Einsum einsum, RankName rank) {
    return einsum
        .value()
        .operands()
        .map(Access::tensor)
        .filter(tensor -> !projections.get(tensor).has(rank, cascade))
        .collect(Collectors.toSet());
  }

  private static Node loops(List<RankName> ranks, Node body) {
    Node node = body;
    for (RankName rank : ranks.reversed()) {
      node = new Node.For(rank, Size.of(1), false, node);
    }
    return node;
  }

  /** Work-groups for the longest ranks, plain loops for those that are left. */
  private Node around(List<RankName> parallel, Optional<RankName> spread, Node body) {
    List<RankName> onGroups =
        parallel.stream()
            .filter(rank -> shapes.of(rank) > 1)
            .sorted(
                Comparator.comparing((RankName rank) -> !isOuter(rank))
                    .thenComparing(rank -> !spread.equals(Optional.of(rank)))
                    .thenComparing(Comparator.comparingLong(shapes::of).reversed()))
            .limit(GROUPS.size())
            .toList();
    Node node = body;
    if (binding == Binding.ITEMS && spread.isPresent()) {
      node = spatial(spread.get(), 1, binding.axis(), Set.of(), node);
    }
    List<RankName> looped = parallel.stream().filter(rank -> !onGroups.contains(rank)).toList();
    node =
        loops(
            outerFirst(looped.stream().filter(rank -> !isOuter(rank)).collect(Collectors.toSet())),
            node);
    for (RankName rank : outerFirst(new HashSet<>(onGroups)).reversed()) {
      long tile = spread.equals(Optional.of(rank)) ? binding.width() : 1;
      node = spatial(rank, tile, GROUPS.get(onGroups.indexOf(rank)), Set.of(), node);
    }
    return loops(looped.stream().filter(this::isOuter).toList(), node);
  }

  private boolean isOuter(RankName rank) {
    return cascade.partitions().stream().anyMatch(split -> split.outer().equals(rank));
  }

  private List<RankName> outerFirst(Set<RankName> ranks) {
    Set<RankName> inner =
        cascade.partitions().stream().map(Partition::inner).collect(Collectors.toSet());
    return ranks.stream()
        .sorted(
            Comparator.comparing((RankName rank) -> inner.contains(rank))
                .thenComparing(RankName::text))
        .toList();
  }
}
