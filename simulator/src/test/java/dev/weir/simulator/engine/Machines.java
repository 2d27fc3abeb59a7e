package dev.weir.simulator.engine;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Problem;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changes of a problem's machine. */
public final class Machines {

  private Machines() {}

  /** With other bandwidths. */
  public static Problem withBandwidths(Problem problem, UnaryOperator<Optional<Bandwidth>> change) {
    return withLevels(
        problem,
        level ->
            new MemoryLevel(
                level.name(),
                level.capacityWords(),
                level.instanceAxes(),
                change.apply(level.bandwidth()),
                level.readPicojoules(),
                level.writePicojoules()));
  }

  /** With so many words in each level that has a size. */
  public static Problem withBuffers(Problem problem, long words) {
    return withLevels(
        problem,
        level ->
            new MemoryLevel(
                level.name(),
                level.capacityWords().map(_ -> words),
                level.instanceAxes(),
                level.bandwidth(),
                level.readPicojoules(),
                level.writePicojoules()));
  }

  private static Problem withLevels(Problem problem, UnaryOperator<MemoryLevel> change) {
    Architecture given = problem.architecture();
    return with(
        problem,
        new Architecture(
            given.name(),
            given.description(),
            given.clockHertz(),
            given.wordBits(),
            given.levels().stream().map(change).toList(),
            given.units(),
            given.links(),
            given.sources()));
  }

  /** With axes of this many instances at most, whose fill shows, as far as they are used. */
  public static Problem withInstances(Problem problem, long most) {
    return withInstances(problem, most, Axis.Fill.USED);
  }

  /** With axes of this many instances at most, two cycles a hop. */
  public static Problem withInstances(Problem problem, long most, Axis.Fill fill) {
    Architecture given = problem.architecture();
    return with(
        problem,
        new Architecture(
            given.name(),
            given.description(),
            given.clockHertz(),
            given.wordBits(),
            given.levels(),
            given.units().stream().map(unit -> withInstances(unit, most, fill)).toList(),
            given.links(),
            given.sources()));
  }

  private static ComputeUnit withInstances(ComputeUnit unit, long most, Axis.Fill fill) {
    return new ComputeUnit(
        unit.name(),
        unit.axes().stream()
            .map(
                axis ->
                    new Axis(
                        axis.name(),
                        axis.kind(),
                        axis.width(),
                        Math.min(axis.instances(), most),
                        2,
                        fill))
            .toList(),
        unit.operations(),
        unit.reads(),
        unit.writes());
  }

  private static Problem with(Problem problem, Architecture architecture) {
    return new Problem(problem.cascade(), problem.schedule(), architecture, problem.shapes());
  }
}
