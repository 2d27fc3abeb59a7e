package dev.weir.reports.parts;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.simulator.stats.LevelStatistics;
import dev.weir.simulator.stats.PartialResult;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.UnitCycles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the simulator found. */
public final class SimulationParts {

  /** How a bar or band of busy cycles is called. */
  static final String BUSY = "busy";

  private static final String WHY_BUSY = "operations start or repeat, on tails and idle lanes too";

  private SimulationParts() {}

  /** Where every unit's cycles went, as shares of all cycles. */
  public static Part.Bars cycles(SimulationResult result, Source source) {
    Map<UnitName, UnitCycles> units = new LinkedHashMap<>();
    result.units().forEach((unit, statistics) -> units.put(unit, statistics.unitCycles()));
    return cycles(result.cycles(), units, source);
  }

  /** Where every unit's cycles went of a run that ended early, as shares of its cycles. */
  public static Part.Bars cycles(PartialResult result, Source source) {
    return cycles(result.cycles(), result.units(), source);
  }

  private static Part.Bars cycles(long all, Map<UnitName, UnitCycles> units, Source source) {
    List<Part.Bars.Bar> bars = new ArrayList<>();
    units.forEach((unit, cycles) -> bars.add(bar(unit, cycles, all, source)));
    return new Part.Bars(
        "Where the cycles went",
        "Busy: operations start or repeat. The rest by the reason for which the unit waited.",
        bars);
  }

  private static Part.Bars.Bar bar(UnitName unit, UnitCycles cycles, long all, Source source) {
    List<Part.Bars.Segment> segments = new ArrayList<>();
    segments.add(share(BUSY, cycles.busyCycles(), all, source));
    for (Map.Entry<StallReason, Long> stall : cycles.stallCycles().entrySet()) {
      segments.add(share(stall.getKey().text(), stall.getValue(), all, source));
    }
    return new Part.Bars.Bar(unit.text(), segments);
  }

  private static Part.Bars.Segment share(String name, long cycles, long all, Source source) {
    return new Part.Bars.Segment(name, Figure.of((double) cycles / all, Unit.RATIO, source));
  }

  /** The cycles of all units by what they were spent on; one row a unit and reason. */
  public static Part.Table stalls(SimulationResult result, Source source) {
    List<List<Cell>> rows = new ArrayList<>();
    result
        .units()
        .forEach(
            (unit, statistics) -> {
              rows.add(stall(unit.text(), BUSY, statistics.busyCycles(), WHY_BUSY, result, source));
              statistics
                  .stallCycles()
                  .forEach(
                      (why, n) -> rows.add(stall("", why.text(), n, meaning(why), result, source)));
            });
    return new Part.Table(
        "Cycles by reason",
        "Rows of a unit add up to all cycles of the run.",
        List.of("unit", "cycles spent on", "cycles", "share", "what that means"),
        rows);
  }

  private static List<Cell> stall(
      String unit, String what, long cycles, String meaning, SimulationResult all, Source source) {
    return List.of(
        Cell.of(unit),
        Cell.of(what),
        Cell.of(Figure.of(cycles, Unit.CYCLES, source)),
        Cell.of(Figure.of((double) cycles / all.cycles(), Unit.RATIO, source)),
        Cell.of(meaning));
  }

  static String meaning(StallReason reason) {
    return switch (reason) {
      case StallReason.Cause cause ->
          switch (cause) {
            case LOAD -> "a tile that the next work needs is still on its way in";
            case STORE -> "room is not free, or a phase or step does not end, until a tile is out";
            case FILL -> "operands or sums pass from processing element to processing element";
            case OPERATION ->
                "a result that the next operation adds to, or the last one, is not there";
            case EPOCH_IMBALANCE -> "its part of the epoch is done, those of others are not";
            case OTHER_WORK -> "the schedule has work for other units only";
          };
      case StallReason.Latency slow ->
          "%s has not answered yet what was asked of it".formatted(slow.level());
      case StallReason.Bandwidth slow ->
          "operands and results pass the ports of %s too slowly".formatted(slow.level());
      case StallReason.BankConflict slow ->
          "operands and results pass a bank of %s too slowly".formatted(slow.level());
    };
  }

  /** What a run that ended early had counted. */
  public static Part.Table counts(PartialResult result, Source source) {
    List<List<Cell>> rows = new ArrayList<>();
    SortedMap<LevelName, Long> read = new TreeMap<>();
    SortedMap<LevelName, Long> written = new TreeMap<>();
    for (Counts.Traffic moved : result.counts().trafficWords().keySet()) {
      read.put(moved.level(), result.counts().words(moved.level(), true));
      written.put(moved.level(), result.counts().words(moved.level(), false));
    }
    read.forEach((level, n) -> rows.add(count(level + " reads", n, Unit.WORDS, source)));
    written.forEach((level, n) -> rows.add(count(level + " writes", n, Unit.WORDS, source)));
    SortedMap<UnitName, Long> operations = new TreeMap<>();
    result
        .counts()
        .operations()
        .forEach((work, n) -> operations.merge(work.unit(), n, Math::addExact));
    operations.forEach((unit, n) -> rows.add(count(unit.text(), n, Unit.OPERATIONS, source)));
    return new Part.Table(
        "Counted so far",
        "Of all nests and transfers that have begun.",
        List.of("level or unit", "count"),
        rows);
  }

  private static List<Cell> count(String what, long amount, Unit unit, Source source) {
    return List.of(Cell.of(what), Cell.of(Figure.of(amount, unit, source)));
  }

  /** Utilisation of every unit and bandwidth of every level in numbers. */
  public static Part.Table statistics(SimulationResult result, Source source) {
    List<List<Cell>> rows = new ArrayList<>();
    result
        .units()
        .forEach(
            (unit, statistics) ->
                rows.add(
                    List.of(
                        Cell.of(unit.text()),
                        Cell.of(Figure.of(statistics.busyCycles(), Unit.CYCLES, source)),
                        Cell.of(Figure.of(statistics.utilisation(), Unit.RATIO, source)))));
    result.levels().forEach((level, statistics) -> rows.add(row(level.text(), statistics, source)));
    return new Part.Table(
        "Utilisation of units and levels",
        "Of a unit: operations × initiation interval ÷ (instances × cycles). Of a level: words ÷"
            + " what the ports of its busiest instance can move.",
        List.of("unit or level", "busy", "utilisation"),
        rows);
  }

  private static List<Cell> row(String level, LevelStatistics statistics, Source source) {
    if (statistics.bandwidthShare().isEmpty()) {
      return List.of(Cell.of(level), Cell.of("–"), Cell.of("–, no bandwidth given"));
    }
    return List.of(
        Cell.of(level),
        Cell.of(Figure.of(statistics.busyCycles(), Unit.CYCLES, source)),
        Cell.of(Figure.of(statistics.bandwidthShare().getAsDouble(), Unit.RATIO, source)));
  }
}
