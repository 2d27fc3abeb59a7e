package dev.weir.simulator.engine;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.schedule.Problem;
import java.util.HashMap;
import java.util.Map;
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
                    level.writePicojoules())
                .withLatency(level.latency())
                .withBanks(change.apply(level.bandwidth()).isEmpty() ? 1 : level.banks()));
  }

  /** With memories that take their time to answer, the outermost the longest. */
  static Problem withLatencies(Problem problem, Latency outermost, Latency others) {
    return withLevels(
        problem, level -> level.withLatency(level.capacityWords().isEmpty() ? outermost : others));
  }

  /** With all that only simulators obey. */
  public static Problem withSlowBanks(Problem problem) {
    return withLatencies(withBanks(problem, 3), new Latency(17, 6), new Latency(2, 1));
  }

  /** With buffers of this size in banks that are filled one after another. */
  static Problem withBanks(Problem problem, long capacityWords, int banks) {
    return withLevels(problem, level -> withBanks(level, capacityWords, banks));
  }

  /** With levels no larger than needed in banks, so that keeps lie in different ones. */
  public static Problem withBanks(Problem problem, int banks) {
    Map<LevelName, Long> peak =
        Simulator.simulate(problem, SimulationOptions.QUIET).counts().peakOccupancyWords();
    return withLevels(
        problem,
        level ->
            withBanks(
                level,
                Math.ceilDiv(Math.max(1, peak.getOrDefault(level.name(), 0L)), banks) * banks,
                banks));
  }

  private static MemoryLevel withBanks(MemoryLevel level, long capacityWords, int banks) {
    if (level.bandwidth().isEmpty() || level.capacityWords().isEmpty()) {
      return level;
    }
    return new MemoryLevel(
            level.name(),
            Optional.of(capacityWords),
            level.instanceAxes(),
            level.bandwidth(),
            level.readPicojoules(),
            level.writePicojoules())
        .withLatency(level.latency())
        .withBanks(banks);
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

  /** With operations whose results are there after so many cycles, or after their interval. */
  static Problem withOperationLatency(Problem problem, long cycles) {
    return withUnits(
        problem,
        unit -> {
          Map<OperationKind, OperationCost> operations = new HashMap<>();
          unit.operations()
              .forEach(
                  (kind, cost) ->
                      operations.put(
                          kind,
                          new OperationCost(
                              cost.initiationIntervalCycles(),
                              Math.max(cycles, cost.initiationIntervalCycles().ceiling()),
                              cost.picojoules(),
                              Optional.empty())));
          return new ComputeUnit(unit.name(), unit.axes(), operations, unit.reads(), unit.writes());
        });
  }

  /** With axes of this many instances at most, whose fill shows, as far as they are used. */
  public static Problem withInstances(Problem problem, long most) {
    return withInstances(problem, most, Axis.Fill.USED);
  }

  /** With axes of this many instances at most, two cycles a hop. */
  public static Problem withInstances(Problem problem, long most, Axis.Fill fill) {
    return withUnits(problem, unit -> withInstances(unit, most, fill));
  }

  private static Problem withUnits(Problem problem, UnaryOperator<ComputeUnit> change) {
    Architecture given = problem.architecture();
    return with(
        problem,
        new Architecture(
            given.name(),
            given.description(),
            given.clockHertz(),
            given.wordBits(),
            given.levels(),
            given.units().stream().map(change).toList(),
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
        unit.variants(),
        unit.reads(),
        unit.writes());
  }

  private static Problem with(Problem problem, Architecture architecture) {
    return new Problem(problem.cascade(), problem.schedule(), architecture, problem.shapes());
  }
}
