package dev.weir.simulator.trace;

import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.Timeline;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes what was recorded of a run as a Perfetto trace, which https://ui.perfetto.dev opens: a
 * track a unit and a level, slices for nests, tiles, stalls and epochs, counters for what is
 * allocated and what passes the ports.
 */
public final class PerfettoTrace {

  private final Problem problem;
  private final long cycles;
  private final TrackEvents events;
  private final Map<Integer, Integer> pipelines = new LinkedHashMap<>();
  private final Map<UnitName, Integer> units = new LinkedHashMap<>();
  private final Map<LevelName, LevelTracks> levels = new LinkedHashMap<>();
  private int about;

  /**
   * Tracks of a level.
   *
   * @param ports counters of words per cycle, one a set of ports
   * @param room counter of allocated words
   * @param group the track that they stand below
   * @param tiles tracks of transfers: as many as go on at the same time
   */
  private record LevelTracks(
      List<Integer> ports, Optional<Integer> room, int group, List<Lane> tiles) {}

  /** A track that is taken until a cycle. */
  private static final class Lane {
    private final int track;
    private long end;

    Lane(int track) {
      this.track = track;
    }
  }

  private PerfettoTrace(Problem problem, long cycles, TrackEvents events) {
    this.problem = problem;
    this.cycles = cycles;
    this.events = events;
  }

  /**
   * Writes a trace.
   *
   * @param timeline what was recorded of a run
   * @param out not closed
   */
  public static void write(Problem problem, Timeline timeline, OutputStream out)
      throws IOException {
    TrackEvents events = new TrackEvents(out, nanosecondsPerCycle(problem));
    new PerfettoTrace(problem, timeline.cycles(), events).write(timeline);
  }

  /**
   * What a cycle takes on the time axis, in nanoseconds: the clock period where that is whole. A
   * trace counts whole nanoseconds, and with borders rounded to these cycles would no longer add
   * up, so any other period becomes 1.
   */
  static long nanosecondsPerCycle(Problem problem) {
    double period = 1e9 / problem.architecture().clockHertz();
    return period >= 1 && period == Math.rint(period) ? (long) period : 1;
  }

  private void write(Timeline timeline) throws IOException {
    define(timeline);
    long shown = 0;
    for (Timeline.Window window : timeline.windows()) {
      leftOut(shown, window.startCycle());
      write(window);
      shown = window.endCycle();
    }
    leftOut(shown, cycles);
  }

  private void define(Timeline timeline) throws IOException {
    int root =
        events.root("%s on %s".formatted(problem.schedule().name(), problem.architecture().name()));
    about = events.track(root, "recorded: " + shown(timeline));
    for (Timeline.Window window : timeline.windows()) {
      for (Segment segment : window.segments()) {
        if (segment instanceof Segment.Epoch epoch
            && !pipelines.containsKey(epoch.epoch().pipeline())) {
          int track = events.track(root, "epochs of the pipeline over " + epoch.rank());
          pipelines.put(epoch.epoch().pipeline(), track);
        }
      }
    }
    for (ComputeUnit unit : problem.architecture().units()) {
      units.put(unit.name(), events.track(root, unit.name().text()));
    }
    for (MemoryLevel level : problem.architecture().levels()) {
      levels.put(level.name(), tracks(root, level));
    }
  }

  private LevelTracks tracks(int root, MemoryLevel level) throws IOException {
    int group = events.track(root, level.name().text());
    List<Integer> ports = new ArrayList<>();
    if (level.bandwidth().isPresent()) {
      Bandwidth rate = level.bandwidth().get();
      double reads = rate.readWordsPerCycle().toDouble();
      ports.add(portCounter(group, rate.shared() ? "reads and writes" : "reads", reads));
      if (!rate.shared()) {
        ports.add(portCounter(group, "writes", rate.writeWordsPerCycle().toDouble()));
      }
    }
    Optional<Integer> room = Optional.empty();
    if (level.capacityWords().isPresent()) {
      String name = "allocated words, of " + number(level.capacityWords().get());
      room = Optional.of(events.counter(group, name, "words"));
    }
    return new LevelTracks(ports, room, group, new ArrayList<>());
  }

  private int portCounter(int group, String what, double most) throws IOException {
    String name = String.format(Locale.ROOT, "%s, of %.4g words per cycle", what, most);
    return events.counter(group, name, "words per cycle");
  }

  private String shown(Timeline timeline) {
    boolean whole =
        timeline.windows().size() == 1
            && timeline.windows().getFirst().startCycle() == 0
            && timeline.windows().getFirst().endCycle() == cycles;
    return whole
        ? "the whole run, %s cycles".formatted(number(cycles))
        : timeline.windows().stream()
            .map(w -> "%s to %s".formatted(number(w.startCycle()), number(w.endCycle())))
            .collect(
                Collectors.joining(
                    ", ", "cycles ", " of %s; the rest is left out".formatted(number(cycles))));
  }

  private void leftOut(long start, long end) throws IOException {
    if (end > start) {
      events.begin(about, start, "left out", "left out", Map.of("cycles", end - start));
      events.end(about, end);
    }
  }

  private void write(Timeline.Window window) throws IOException {
    String name =
        "cycles %s to %s".formatted(number(window.startCycle()), number(window.endCycle()));
    events.begin(about, window.startCycle(), "recorded", name, facts());
    events.end(about, window.endCycle());
    for (LevelTracks level : levels.values()) {
      for (Lane lane : level.tiles()) {
        lane.end = 0;
      }
    }
    for (Segment segment : window.segments()) {
      write(segment, new Clip(window, segment));
    }
    for (LevelTracks level : levels.values()) {
      for (int counter : level.ports()) {
        events.value(counter, window.endCycle(), 0);
      }
      if (level.room().isPresent()) {
        events.value(level.room().get(), window.endCycle(), 0);
      }
    }
  }

  private Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("schedule", problem.schedule().name());
    facts.put("cascade", problem.cascade().name());
    facts.put("architecture", problem.architecture().name());
    facts.put("cycles of the run", cycles);
    facts.put("clock in hertz", number(problem.architecture().clockHertz()));
    facts.put("nanoseconds that a cycle is drawn as", nanosecondsPerCycle(problem));
    return facts;
  }

  /** The part of a segment that lies in a window. */
  private record Clip(long start, long end) {
    Clip(Timeline.Window window, Segment segment) {
      this(
          Math.max(window.startCycle(), segment.startCycle()),
          Math.min(window.endCycle(), segment.endCycle()));
    }

    Clip part(long from, long to) {
      return new Clip(Math.max(start, from), Math.min(end, to));
    }

    boolean isEmpty() {
      return start >= end;
    }
  }

  private void write(Segment segment, Clip clip) throws IOException {
    switch (segment) {
      case Segment.Work work -> work(work, clip);
      case Segment.Wait wait ->
          slice(units.get(wait.unit()), clip, "stall", wait.reason().text(), Map.of());
      case Segment.Transfer transfer -> transfer(transfer, clip);
      case Segment.Epoch epoch ->
          slice(
              pipelines.get(epoch.epoch().pipeline()),
              clip,
              "epoch",
              "epoch " + epoch.epoch().number(),
              Map.of());
      case Segment.Bandwidth rate ->
          events.value(
              levels.get(rate.level()).ports().get(rate.ports()),
              clip.start(),
              rate.wordsPerCycle());
      case Segment.Room room -> {
        Optional<Integer> counter = levels.get(room.level()).room();
        if (counter.isPresent()) {
          events.value(counter.get(), clip.start(), (double) room.words());
        }
      }
    }
  }

  private void slice(
      int track, Clip clip, String category, String name, Map<String, Object> details)
      throws IOException {
    events.begin(track, clip.start(), category, name, details);
    events.end(track, clip.end());
  }

  /**
   * The nest, and below it how long it waited for a memory to answer, filled the array, and waited
   * for words. Where in the nest the latter two were, the simulator does not say: fill is drawn
   * first, stalls last.
   */
  private void work(Segment.Work work, Clip clip) throws IOException {
    int track = units.get(work.unit());
    events.begin(track, clip.start(), "work", name(work), details(work));
    long atEnd =
        work.stalls().stream()
            .filter(stall -> !isDrawnFirst(stall.reason()))
            .mapToLong(Segment.Stall::cycles)
            .sum();
    long at = work.startCycle();
    for (Segment.Stall stall : work.stalls()) {
      if (!isDrawnFirst(stall.reason())) {
        at = Math.max(at, work.endCycle() - atEnd);
      }
      Clip drawn = clip.part(at, at + stall.cycles());
      if (!drawn.isEmpty()) {
        slice(track, drawn, "stall", stall.reason().text(), Map.of());
      }
      at += stall.cycles();
    }
    events.end(track, clip.end());
  }

  private static boolean isDrawnFirst(StallReason reason) {
    return switch (reason) {
      case StallReason.Latency _, StallReason.Cause _ -> true;
      case StallReason.Bandwidth _, StallReason.BankConflict _ -> false;
    };
  }

  private static String name(Segment.Work work) {
    return work.pieces().stream()
        .map(piece -> piece.einsum().text())
        .collect(Collectors.joining(" + "));
  }

  private static Map<String, Object> details(Segment.Work work) {
    Map<String, Object> details = new LinkedHashMap<>();
    for (Segment.Piece piece : work.pieces()) {
      details.put(piece.einsum().text(), coordinates(piece.coordinates()));
      if (piece.stage().isPresent()) {
        details.put("stage of " + piece.einsum(), (long) piece.stage().get());
      }
    }
    work.epoch().ifPresent(epoch -> details.put("epoch", epoch.number()));
    return details;
  }

  private static String coordinates(String text) {
    return text.isEmpty() ? "all of it" : text;
  }

  private void transfer(Segment.Transfer transfer, Clip clip) throws IOException {
    String name = transfer.direction().text() + " " + transfer.tensor();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("tile", coordinates(transfer.coordinates()));
    details.put(
        "levels",
        transfer.ends().stream().map(LevelName::text).collect(Collectors.joining(" to ")));
    for (LevelName end : transfer.ends()) {
      slice(lane(levels.get(end), end, clip), clip, "transfer", name, details);
    }
  }

  /** Transfers that go on at the same time do not nest, so each needs a track of its own. */
  private int lane(LevelTracks level, LevelName name, Clip clip) throws IOException {
    for (Lane lane : level.tiles()) {
      if (lane.end <= clip.start()) {
        lane.end = clip.end();
        return lane.track;
      }
    }
    Lane lane = new Lane(events.track(level.group(), "tiles through " + name));
    level.tiles().add(lane);
    lane.end = clip.end();
    return lane.track;
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
