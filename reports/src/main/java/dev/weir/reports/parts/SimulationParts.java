package dev.weir.reports.parts;

import dev.weir.mapper.arch.UnitName;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.simulator.stats.LevelStatistics;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.Timeline.Lane;
import dev.weir.simulator.stats.Timeline.Segment;
import dev.weir.simulator.stats.UnitStatistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the simulator found. */
public final class SimulationParts {

  /** Longest segments in one picture, so that names still fit in them. */
  private static final int SHOWN = 8;

  /** How many lengths of a picture may pass before the first work and still be shown. */
  private static final int LONGEST_WAIT = 2;

  /** Segments shorter than this part of the window are drawn together with their neighbours. */
  private static final int FINEST = 80;

  /** So many neighbours together, and another name begins a new slice. */
  private static final int SETTLED = 4;

  private SimulationParts() {}

  /** Where every unit's cycles went, as shares of all cycles. */
  public static Part.Bars cycles(SimulationResult result, Source source) {
    List<Part.Bars.Bar> bars = new ArrayList<>();
    result.units().forEach((unit, statistics) -> bars.add(bar(unit, statistics, result, source)));
    return new Part.Bars(
        "Where the cycles went",
        "Busy: operations start or repeat. The rest by the reason for which the unit waited.",
        bars);
  }

  private static Part.Bars.Bar bar(
      UnitName unit, UnitStatistics statistics, SimulationResult result, Source source) {
    List<Part.Bars.Segment> segments = new ArrayList<>();
    segments.add(share("busy", statistics.busyCycles(), result.cycles(), source));
    for (Map.Entry<StallReason, Long> stall : statistics.stallCycles().entrySet()) {
      segments.add(share(stall.getKey().text(), stall.getValue(), result.cycles(), source));
    }
    return new Part.Bars.Bar(unit.text(), segments);
  }

  private static Part.Bars.Segment share(String name, long cycles, long all, Source source) {
    return new Part.Bars.Segment(name, Figure.of((double) cycles / all, Unit.RATIO, source));
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

  /**
   * The beginning of the run up to some first work, and, when more of it was recorded, a window as
   * late as all lanes reach: there the pipeline is full. The beginning starts with the run itself
   * unless the units wait for so long that their work would be too small to see.
   */
  public static List<Part.Timeline> timelines(SimulationResult result, Source source) {
    List<Segment> work =
        result.timeline().segments().stream()
            .filter(segment -> segment.lane() instanceof Lane.Unit)
            .toList();
    if (work.isEmpty()) {
      return List.of();
    }
    long recorded = recordedUntil(work);
    long length = Math.max(1, windowLength(work));
    long first = work.stream().mapToLong(Segment::startCycle).min().orElseThrow();
    long from = first <= LONGEST_WAIT * length ? 0 : first;
    long to = first + length;
    Part.Timeline beginning =
        timeline(
            from == 0 ? "Pipeline: the beginning" : "Pipeline: the first work",
            result,
            from,
            to,
            source);
    return recorded < to + length
        ? List.of(beginning)
        : List.of(
            beginning, timeline("Pipeline: full", result, recorded - length, recorded, source));
  }

  /** Recording stops at a number of segments a lane, so the fullest lane decides. */
  private static long recordedUntil(List<Segment> work) {
    Map<Lane, Long> ends = new HashMap<>();
    work.forEach(segment -> ends.merge(segment.lane(), segment.endCycle(), Math::max));
    return ends.values().stream().mapToLong(Long::longValue).min().orElseThrow();
  }

  /** Long enough for {@value #SHOWN} of the longest segments. */
  private static long windowLength(List<Segment> work) {
    return SHOWN * work.stream().mapToLong(s -> s.endCycle() - s.startCycle()).max().orElseThrow();
  }

  /** A window of the run as a picture; segments are numbered by execution from 1. */
  private static Part.Timeline timeline(
      String title, SimulationResult result, long fromCycle, long toCycle, Source source) {
    Map<String, List<Part.Timeline.Slice>> lanes = new LinkedHashMap<>();
    Map<String, Integer> executions = new HashMap<>();
    for (Segment segment : result.timeline().segments()) {
      String name = name(segment);
      int number = executions.merge(laneName(segment.lane()) + name, 1, Math::addExact);
      if (segment.endCycle() > fromCycle && segment.startCycle() < toCycle) {
        lanes
            .computeIfAbsent(laneName(segment.lane()), _ -> new ArrayList<>())
            .add(
                new Part.Timeline.Slice(
                    segment.startCycle(), segment.endCycle(), name, "#" + number));
      }
    }
    return new Part.Timeline(
        title,
        "What each unit works on, and what passes the ports of each level; #n is the n-th time.",
        Figure.of(fromCycle, Unit.CYCLES, source),
        Figure.of(toCycle, Unit.CYCLES, source),
        lanes.entrySet().stream()
            .map(
                lane ->
                    new Part.Timeline.Lane(
                        lane.getKey(), joined(lane.getValue(), (toCycle - fromCycle) / FINEST)))
            .sorted(Comparator.comparing(SimulationParts::levelsLast))
            .toList());
  }

  /** Neighbours that are too short to be seen become one slice with all their names. */
  private static List<Part.Timeline.Slice> joined(
      List<Part.Timeline.Slice> slices, long visibleCycles) {
    List<Part.Timeline.Slice> joined = new ArrayList<>();
    List<Part.Timeline.Slice> run = new ArrayList<>();
    for (Part.Timeline.Slice slice : slices) {
      boolean isShort = slice.endCycle() - slice.startCycle() < visibleCycles;
      boolean touches =
          !run.isEmpty() && slice.startCycle() - run.getLast().endCycle() < visibleCycles;
      if (!run.isEmpty() && !(isShort && touches && !beginsAnew(run, slice))) {
        joined.add(one(run));
        run.clear();
      }
      if (isShort) {
        run.add(slice);
      } else {
        joined.add(slice);
      }
    }
    if (!run.isEmpty()) {
      joined.add(one(run));
    }
    return joined;
  }

  /** A name that does not belong to what has repeated so far. */
  private static boolean beginsAnew(List<Part.Timeline.Slice> run, Part.Timeline.Slice slice) {
    return run.size() >= SETTLED && run.stream().noneMatch(s -> s.name().equals(slice.name()));
  }

  private static Part.Timeline.Slice one(List<Part.Timeline.Slice> run) {
    if (run.size() == 1) {
      return run.getFirst();
    }
    String names =
        run.stream().map(Part.Timeline.Slice::name).distinct().collect(Collectors.joining(", "));
    return new Part.Timeline.Slice(
        run.getFirst().startCycle(), run.getLast().endCycle(), names, "×" + run.size());
  }

  private static boolean levelsLast(Part.Timeline.Lane lane) {
    return lane.unit().endsWith(" ports");
  }

  private static String laneName(Lane lane) {
    return switch (lane) {
      case Lane.Unit unit -> unit.name().text();
      case Lane.Level level -> level.name().text() + " ports";
    };
  }

  private static String name(Segment segment) {
    String tensors =
        segment.tensors().stream().map(Object::toString).collect(Collectors.joining(" + "));
    return switch (segment.activity()) {
      case COMPUTE -> tensors;
      case LOAD -> "load " + tensors;
      case STORE -> "store " + tensors;
      case INITIALISE -> "initialise " + tensors;
    };
  }
}
