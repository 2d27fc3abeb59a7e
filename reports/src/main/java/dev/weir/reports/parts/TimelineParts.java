package dev.weir.reports.parts;

import dev.weir.mapper.arch.LevelName;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Part.Timeline.SliceKind;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.Timeline.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What every unit and level does when, in some stretches of a simulated run. */
public final class TimelineParts {

  /** Longest segments in one picture, so that names still fit in them. */
  private static final int SHOWN = 8;

  /** How many lengths of a picture may pass before the first work and still be shown. */
  private static final int LONGEST_WAIT = 2;

  /** Segments shorter than this part of the window are drawn together with their neighbours. */
  private static final int FINEST = 80;

  /** So many neighbours together, and another name begins a new slice. */
  private static final int SETTLED = 4;

  private static final String EXPLANATION =
      "What each unit works on or waits for, and which tiles pass the ports of each level.";

  private TimelineParts() {}

  /**
   * The beginning of the run up to some first work, and, where they were recorded and do not meet
   * it, its middle and its end. The beginning starts with the run itself unless the units wait for
   * so long that their work would be too small to see.
   */
  public static List<Part.Timeline> of(SimulationResult result, Source source) {
    List<Window> windows = result.timeline().windows();
    List<Part.Timeline> parts = new ArrayList<>();
    if (windows.isEmpty()) {
      return parts;
    }
    long shown = 0;
    List<Segment.Work> firstWorks = works(windows.getFirst());
    if (!firstWorks.isEmpty()) {
      long length = length(windows.getFirst());
      long first = firstWorks.getFirst().startCycle();
      long from = first <= LONGEST_WAIT * length ? 0 : first;
      String what = from == 0 ? "beginning" : "first work";
      shown = first + length;
      parts.add(part(what, windows.getFirst(), from, shown, source));
    }
    if (windows.size() > 2) {
      Window middle = windows.get(1);
      shown = Math.min(middle.endCycle(), middle.startCycle() + length(middle));
      parts.add(part("middle", middle, middle.startCycle(), shown, source));
    }
    Window last = windows.getLast();
    long start = Math.max(last.startCycle(), last.endCycle() - length(last));
    if (start >= shown) {
      parts.add(part("end", last, start, last.endCycle(), source));
    }
    return parts;
  }

  private static List<Segment.Work> works(Window window) {
    return window.segments().stream()
        .filter(Segment.Work.class::isInstance)
        .map(Segment.Work.class::cast)
        .toList();
  }

  private static long length(Window window) {
    return works(window).stream()
        .mapToLong(work -> SHOWN * (work.endCycle() - work.startCycle()))
        .max()
        .orElse(window.endCycle() - window.startCycle());
  }

  private static Part.Timeline part(
      String what, Window window, long fromCycle, long toCycle, Source source) {
    Map<String, List<Part.Timeline.Slice>> lanes = new LinkedHashMap<>();
    for (Segment segment : window.segments()) {
      if (segment.endCycle() > fromCycle && segment.startCycle() < toCycle) {
        add(segment, lanes);
      }
    }
    long end = Math.min(toCycle, window.endCycle());
    return new Part.Timeline(
        "Schedule in time: the " + what,
        EXPLANATION,
        Figure.of(fromCycle, Unit.CYCLES, source),
        Figure.of(end, Unit.CYCLES, source),
        lanes.entrySet().stream()
            .map(
                lane ->
                    new Part.Timeline.Lane(
                        lane.getKey(), joined(lane.getValue(), (end - fromCycle) / FINEST)))
            .sorted(
                Comparator.comparing(TimelineParts::isLevel)
                    .thenComparing(Part.Timeline.Lane::unit))
            .toList());
  }

  private static void add(Segment segment, Map<String, List<Part.Timeline.Slice>> lanes) {
    switch (segment) {
      case Segment.Work work -> lane(lanes, work.unit().text()).add(slice(work));
      case Segment.Wait wait ->
          lane(lanes, wait.unit().text())
              .add(slice(wait, SliceKind.STALL, wait.reason().text(), ""));
      case Segment.Transfer transfer -> {
        String name = transfer.direction().text() + " " + transfer.tensor();
        for (LevelName end : transfer.ends()) {
          lane(lanes, end + " ports")
              .add(slice(transfer, SliceKind.WORK, name, transfer.coordinates()));
        }
      }
      case Segment.Epoch _, Segment.Bandwidth _, Segment.Room _ -> {}
    }
  }

  private static List<Part.Timeline.Slice> lane(
      Map<String, List<Part.Timeline.Slice>> lanes, String name) {
    return lanes.computeIfAbsent(name, _ -> new ArrayList<>());
  }

  private static Part.Timeline.Slice slice(Segment.Work work) {
    String names =
        work.pieces().stream()
            .map(piece -> piece.einsum().text())
            .collect(Collectors.joining(" + "));
    String tiles =
        work.pieces().stream()
            .map(Segment.Piece::coordinates)
            .filter(text -> !text.isEmpty())
            .distinct()
            .collect(Collectors.joining("; "));
    return slice(work, SliceKind.WORK, names, tiles);
  }

  private static Part.Timeline.Slice slice(
      Segment segment, SliceKind kind, String name, String tile) {
    return new Part.Timeline.Slice(segment.startCycle(), segment.endCycle(), kind, name, tile);
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

  /** A wait among work, or a name that does not belong to what has repeated so far. */
  private static boolean beginsAnew(List<Part.Timeline.Slice> run, Part.Timeline.Slice slice) {
    return slice.kind() != run.getLast().kind()
        || (run.size() >= SETTLED && run.stream().noneMatch(s -> s.name().equals(slice.name())));
  }

  private static Part.Timeline.Slice one(List<Part.Timeline.Slice> run) {
    if (run.size() == 1) {
      return run.getFirst();
    }
    String names =
        run.stream().map(Part.Timeline.Slice::name).distinct().collect(Collectors.joining(", "));
    return new Part.Timeline.Slice(
        run.getFirst().startCycle(),
        run.getLast().endCycle(),
        run.getFirst().kind(),
        names,
        "×" + run.size());
  }

  private static boolean isLevel(Part.Timeline.Lane lane) {
    return lane.unit().endsWith(" ports");
  }
}
