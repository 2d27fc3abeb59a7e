package dev.weir.simulator.pe;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.component.Memory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The parts of a machine and of what runs on it, by name. */
final class Parts {

  private final Problem problem;
  private final Arithmetic arithmetic;
  private final RankSpace space;
  private final Coordinates coordinates;
  private final Tally tally = new Tally();
  private final Map<LevelName, Memory> memories = new LinkedHashMap<>();
  private final List<UnitAccount> units = new ArrayList<>();
  private final Clock clock;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, TensorLayout> layouts = new HashMap<>();
  private final Map<TensorName, Einsum> producers = new HashMap<>();
  private final Map<TensorName, Einsum> initials = new HashMap<>();
  private final Map<TensorName, Set<TensorName>> reads = new HashMap<>();
  private final Map<TensorName, TileStore> top = new HashMap<>();

  Parts(Problem problem, Arithmetic arithmetic) {
    this.problem = problem;
    this.arithmetic = arithmetic;
    space = new RankSpace(problem.cascade(), problem.shapes());
    coordinates = new Coordinates(space, problem.shapes());
    tensors = problem.cascade().tensorsByName();
    Architecture architecture = problem.architecture();
    for (MemoryLevel level : architecture.levels()) {
      memories.put(level.name(), Memory.of(level));
    }
    architecture.units().forEach(unit -> units.add(new UnitAccount(unit.name())));
    clock = new Clock(List.copyOf(memories.values()), units);
    List<Einsum> einsums = problem.cascade().einsums();
    einsums.forEach(
        einsum ->
            (einsum.isInitial() ? initials : producers).put(einsum.output().tensor(), einsum));
    producers.forEach(
        (name, einsum) ->
            reads.put(
                name, einsum.value().reads().map(Access::tensor).collect(Collectors.toSet())));
    Memory outermost = memory(architecture.top().name());
    LoopPath root = LoopPath.root(space);
    tensors.forEach(
        (name, tensor) -> {
          TensorLayout layout = new TensorLayout(tensor, einsums, space, problem.shapes());
          layouts.put(name, layout);
          if (tensor.role() != Tensor.Role.INTERMEDIATE) {
            long empty = arithmetic.of(tensor.empty());
            top.put(name, new TileStore(layout, outermost, root, empty));
          }
        });
  }

  Problem problem() {
    return problem;
  }

  Arithmetic arithmetic() {
    return arithmetic;
  }

  RankSpace space() {
    return space;
  }

  Coordinates coordinates() {
    return coordinates;
  }

  Tally tally() {
    return tally;
  }

  Clock clock() {
    return clock;
  }

  List<Memory> memories() {
    return List.copyOf(memories.values());
  }

  List<UnitAccount> units() {
    return List.copyOf(units);
  }

  Memory memory(LevelName name) {
    return Optional.ofNullable(memories.get(name))
        .orElseThrow(() -> new IllegalArgumentException("architecture has no level " + name));
  }

  int unitNumber(UnitName name) {
    for (int number = 0; number < units.size(); number++) {
      if (units.get(number).name().equals(name)) {
        return number;
      }
    }
    throw new IllegalArgumentException("architecture has no unit " + name);
  }

  Axis axis(AxisName name) {
    return problem
        .architecture()
        .axis(name)
        .orElseThrow(() -> new IllegalArgumentException("architecture has no axis " + name));
  }

  /** A spatial loop, in waves where its axis has too few instances. */
  Loop spatial(int number, Node.Spatial node) {
    return new Loop(
        number,
        space.number(node.rank()),
        problem.value(node.tile()),
        axis(node.axis()).instances(),
        Optional.of(node));
  }

  /** Whether a loop selects instances of a level. */
  boolean selects(Loop loop, LevelName level) {
    Architecture architecture = problem.architecture();
    return loop.spatial()
        .filter(
            node ->
                architecture.selectsInstance(node.axis(), architecture.level(level).orElseThrow()))
        .isPresent();
  }

  TensorLayout layout(TensorName tensor) {
    return layouts.get(tensor);
  }

  /** The Einsum that a compute of this name runs. */
  Einsum producer(TensorName tensor) {
    return Optional.ofNullable(producers.get(tensor))
        .orElseThrow(() -> new IllegalArgumentException("cascade has no Einsum " + tensor));
  }

  Optional<Einsum> initial(TensorName tensor) {
    return Optional.ofNullable(initials.get(tensor));
  }

  /** Whether the Einsum of this name writes or reads a tensor. */
  boolean uses(TensorName einsum, TensorName tensor) {
    return einsum.equals(tensor) || reads(einsum, tensor);
  }

  boolean reads(TensorName einsum, TensorName tensor) {
    return reads.get(einsum).contains(tensor);
  }

  /** Tensors that each Einsum with a compute reads. */
  Map<TensorName, Set<TensorName>> reads() {
    return Collections.unmodifiableMap(reads);
  }

  /** Ranks that the producer of a tensor reduces, by number. */
  List<Integer> reduced(TensorName tensor) {
    return producer(tensor).reducedRanks().stream().map(space::number).toList();
  }

  /** The rank along which a tensor has generations. */
  Optional<RankName> generations(TensorName tensor) {
    return tensors.get(tensor).generations();
  }

  /** Whether a rank is one of the tensor's. */
  boolean has(TensorName tensor, RankName rank) {
    return tensors.get(tensor).ranks().contains(rank);
  }

  /** The top level's store of an input or an output. */
  Optional<TileStore> top(TensorName tensor) {
    return Optional.ofNullable(top.get(tensor));
  }
}
