package dev.weir.simulator.pe;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.engine.Machines;
import dev.weir.simulator.engine.Simulator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The same problem on machines that differ in what takes time. */
public enum MachineVariants {
  AS_GIVEN,
  /** Memories never limit; elements are a hop apart. */
  HOPS,
  /** Hops of different lengths, drains, and operations that take parts of a cycle. */
  ODD_TIMES,
  /** Few instances, so that spatial loops run in waves. */
  WAVES,
  /** Steps pass all instances, also those without a tile. */
  WHOLE,
  /** Memories limit nearly everything. */
  SLOW_MEMORIES,
  /** Results take longer than until the next operation may start. */
  DEEP_OPERATIONS,
  /** Memories take their time to answer, and limit. */
  LATENCIES,
  /** Memories take their time to answer, and never limit. */
  LATENCIES_ALONE,
  /** Memories are just large enough, filled bank by bank, and limit. */
  BANKS;

  private static final int BANK_COUNT = 5;
  private static final Rational HALF = new Rational(1, 2);
  private static final Rational FIVE_THIRDS = new Rational(5, 3);

  public Problem of(Problem problem) {
    Architecture given = problem.architecture();
    List<MemoryLevel> levels = given.levels().stream().map(this::level).toList();
    List<ComputeUnit> units = given.units().stream().map(this::unit).toList();
    Architecture changed =
        new Architecture(
            given.name(),
            given.description(),
            given.clockHertz(),
            given.wordBits(),
            levels,
            units,
            given.links(),
            given.sources());
    Problem other = new Problem(problem.cascade(), problem.schedule(), changed, problem.shapes());
    return this == BANKS && Simulator.refusal(other).isEmpty()
        ? Machines.withBanks(other, BANK_COUNT)
        : other;
  }

  private MemoryLevel level(MemoryLevel level) {
    return new MemoryLevel(
            level.name(),
            level.capacityWords(),
            level.instanceAxes(),
            bandwidth(level.bandwidth()),
            level.readPicojoules(),
            level.writePicojoules())
        .withLatency(latency(level));
  }

  /** Longest outside; some levels answer at once, in one direction or both. */
  private Latency latency(MemoryLevel level) {
    if (this != LATENCIES && this != LATENCIES_ALONE) {
      return Latency.NONE;
    }
    return level.capacityWords().isEmpty()
        ? new Latency(23, 9)
        : new Latency(level.name().text().length() % 3, level.name().text().length() % 5);
  }

  private Optional<Bandwidth> bandwidth(Optional<Bandwidth> given) {
    return switch (this) {
      case AS_GIVEN, WHOLE -> given;
      case HOPS, LATENCIES_ALONE -> Optional.empty();
      case LATENCIES, DEEP_OPERATIONS -> given.map(bandwidth -> times(bandwidth, 4, 5));
      case ODD_TIMES -> given.map(bandwidth -> times(bandwidth, 2, 3));
      case WAVES -> given.map(bandwidth -> times(bandwidth, 5, 7));
      case SLOW_MEMORIES -> given.map(bandwidth -> times(bandwidth, 3, 13));
      case BANKS -> given.map(bandwidth -> times(bandwidth, 3, 2));
    };
  }

  /** With ports of their own for reads and writes, the latter slower. */
  private static Bandwidth times(Bandwidth given, long numerator, long denominator) {
    Rational rate = given.readWordsPerCycle();
    return new Bandwidth(
        new Rational(rate.numerator() * numerator, rate.denominator() * denominator),
        new Rational(rate.numerator() * numerator, rate.denominator() * denominator * 2),
        false);
  }

  private ComputeUnit unit(ComputeUnit unit) {
    Map<OperationKind, OperationCost> operations = new HashMap<>();
    unit.operations().forEach((kind, cost) -> operations.put(kind, cost(kind, cost)));
    return new ComputeUnit(
        unit.name(),
        unit.axes().stream().map(this::axis).toList(),
        operations,
        unit.reads(),
        unit.writes());
  }

  private OperationCost cost(OperationKind kind, OperationCost given) {
    if (this != ODD_TIMES && this != DEEP_OPERATIONS) {
      return given;
    }
    boolean isFast = kind == OperationKind.MULTIPLY_ACCUMULATE || kind == OperationKind.ADD;
    long latency = this == ODD_TIMES ? 0 : isFast ? 3 : 4;
    return new OperationCost(
        isFast ? HALF : FIVE_THIRDS, latency, given.picojoules(), Optional.empty());
  }

  private Axis axis(Axis axis) {
    return switch (this) {
      case AS_GIVEN, SLOW_MEMORIES, LATENCIES, LATENCIES_ALONE, BANKS -> axis;
      case HOPS -> axis(axis, axis.instances(), 1, Map.of());
      case WHOLE ->
          new Axis(
              axis.name(),
              axis.kind(),
              axis.width(),
              Math.min(axis.instances(), 3),
              2,
              Axis.Fill.WHOLE,
              Map.of(OperationKind.ADD, 3L));
      case ODD_TIMES ->
          axis(
              axis,
              axis.instances(),
              axis.name().text().length() % 3,
              Map.of(OperationKind.ADD, 5L, OperationKind.MAXIMUM, 2L));
      case WAVES, DEEP_OPERATIONS -> axis(axis, Math.min(axis.instances(), 2), 2, Map.of());
    };
  }

  private static Axis axis(
      Axis axis, long instances, long hopCycles, Map<OperationKind, Long> drain) {
    return new Axis(
        axis.name(), axis.kind(), axis.width(), instances, hopCycles, Axis.Fill.USED, drain);
  }
}
