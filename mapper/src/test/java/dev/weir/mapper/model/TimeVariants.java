package dev.weir.mapper.model;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Changes that only matter for time: other double buffers, other rates, fewer instances than
 * positions, visible fills. The result need not fit the capacities.
 */
public final class TimeVariants {

  private static final List<Axis.Fill> FILLS =
      List.of(Axis.Fill.USED, Axis.Fill.WHOLE, Axis.Fill.SKEWED, Axis.Fill.HIDDEN);

  private final Random random;

  private TimeVariants(Random random) {
    this.random = random;
  }

  /** The problem with some of these changes. */
  public static Problem of(Problem problem, Random random) {
    TimeVariants variants = new TimeVariants(random);
    Schedule schedule = problem.schedule();
    Schedule changed = schedule.with(variants.node(schedule.root()));
    return new Problem(
        problem.cascade(), changed, variants.machine(problem.architecture()), problem.shapes());
  }

  private Node node(Node node) {
    Node changed =
        node instanceof Node.Keep keep
            ? new Node.Keep(
                keep.tensors(),
                keep.level(),
                keep.copies(),
                random.nextBoolean(),
                keep.refetch(),
                keep.inPlaceOf(),
                keep.body())
            : node;
    return changed.withChildren(node.children().stream().map(this::node).toList());
  }

  private Architecture machine(Architecture machine) {
    return new Architecture(
        machine.name(),
        machine.description(),
        machine.clockHertz(),
        machine.wordBits(),
        machine.levels().stream().map(this::level).toList(),
        machine.units().stream().map(this::unit).toList(),
        machine.links(),
        machine.sources());
  }

  private MemoryLevel level(MemoryLevel level) {
    return new MemoryLevel(
        level.name(),
        level.capacityWords(),
        level.instanceAxes(),
        level.bandwidth().flatMap(_ -> bandwidth()),
        level.readPicojoules(),
        level.writePicojoules());
  }

  private Optional<Bandwidth> bandwidth() {
    Rational read = new Rational(1 + random.nextInt(9), 1 + random.nextInt(3));
    boolean shared = random.nextBoolean();
    Rational write = shared ? read : new Rational(1 + random.nextInt(9), 1 + random.nextInt(3));
    return random.nextInt(5) == 0
        ? Optional.empty()
        : Optional.of(new Bandwidth(read, write, shared));
  }

  private ComputeUnit unit(ComputeUnit unit) {
    return new ComputeUnit(
        unit.name(),
        unit.axes().stream().map(this::axis).toList(),
        unit.operations(),
        unit.variants(),
        unit.reads(),
        unit.writes());
  }

  private Axis axis(Axis axis) {
    long most = Math.min(axis.width(), 4);
    return new Axis(
        axis.name(),
        axis.kind(),
        axis.width(),
        1 + random.nextLong(most),
        random.nextInt(3),
        FILLS.get(random.nextInt(FILLS.size())),
        Map.of(
            OperationKind.ADD,
            (long) random.nextInt(5),
            OperationKind.MAXIMUM,
            (long) random.nextInt(5)));
  }
}
