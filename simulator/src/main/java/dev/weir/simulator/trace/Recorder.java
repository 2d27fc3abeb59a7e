package dev.weir.simulator.trace;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.component.ComputeArray;
import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Memory;
import dev.weir.simulator.component.Port;
import dev.weir.simulator.machine.Allocation;
import dev.weir.simulator.machine.Coordinates;
import dev.weir.simulator.machine.Loop;
import dev.weir.simulator.machine.Prepared;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.stats.Profile;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.Timeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the engine tells while it runs. Callers ask {@link #isOn} first, so that a run that nobody
 * watches pays for nothing.
 */
public final class Recorder {

  /**
   * A nest of a piece of work.
   *
   * @param stage the stage of the pipeline in which it runs, if any
   * @param at where it stands; not kept
   */
  public record Nest(TensorName einsum, Optional<Integer> stage, Ranges at) {}

  private final boolean on;
  private final Coordinates coordinates;
  private final WindowStore store;
  private final Sampler sampler;
  private final Map<Port, Rate> rates = new LinkedHashMap<>();
  private final Map<UnitName, Idle> idles = new LinkedHashMap<>();
  private final Map<LevelName, RoomTaken> rooms = new LinkedHashMap<>();
  private int pipelines;
  private boolean follows;

  /** How fast words pass a port, and since when. */
  private static final class Rate {
    private final int number;
    private double wordsPerCycle;
    private long since;
    private double next;

    Rate(int number) {
      this.number = number;
    }
  }

  /** For what a unit waits, and since when. */
  private static final class Idle {
    private StallReason reason = StallReason.Cause.OTHER_WORK;
    private long start;
    private long end;
  }

  /** How many words of a level are allocated, and since when. */
  private static final class RoomTaken {
    private long words;
    private long shown;
    private long since;
  }

  /** Room of a keep: it is taken while any entry of the keep is open. */
  public final class Room {
    private final Allocation allocation;
    private long words;
    private int open;

    private Room(Allocation allocation) {
      this.allocation = allocation;
    }

    /** The keep is entered. */
    public void entered(Ranges ranges) {
      open++;
      become(allocation.words(ranges));
    }

    /** The keep is left. */
    public void left() {
      open--;
      if (open == 0) {
        become(0);
      }
    }

    private void become(long wanted) {
      rooms.get(allocation.memory().name()).words += wanted - words;
      words = wanted;
    }
  }

  /**
   * Watches a run.
   *
   * @param wanted what to record; nothing if empty
   */
  public Recorder(Optional<TraceWindows> wanted, Prepared prepared) {
    this.on = wanted.isPresent();
    this.coordinates = prepared.coordinates();
    this.store = new WindowStore(wanted.orElse(new TraceWindows(1, 0)));
    this.sampler = new Sampler(prepared.machine());
    for (ComputeArray unit : prepared.machine().units()) {
      idles.put(unit.name(), new Idle());
    }
    for (Memory memory : prepared.machine().memories()) {
      rooms.put(memory.name(), new RoomTaken());
      List<Port> ports = memory.ports();
      for (int i = 0; i < ports.size(); i++) {
        rates.put(ports.get(i), new Rate(i));
      }
    }
  }

  public boolean isOn() {
    return on;
  }

  /** Whether something that lasts from one cycle to another is recorded. */
  public boolean isOpen(long start, long end) {
    return on && store.wants(start, end);
  }

  /** A pipeline of the schedule; answers its number. */
  public int pipeline() {
    return pipelines++;
  }

  /** Room that a keep takes. */
  public Room room(Allocation allocation) {
    return new Room(allocation);
  }

  /** A unit has run nests. */
  public void worked(
      UnitName unit,
      List<Nest> nests,
      Optional<Segment.InEpoch> epoch,
      long start,
      long end,
      ComputeArray.Task task) {
    List<Nest> kept =
        nests.stream().map(n -> new Nest(n.einsum(), n.stage(), n.at().copy())).toList();
    List<Segment.Stall> stalls = stalls(end - start - task.workCycles(), task);
    store.add(
        start,
        end,
        () ->
            new Segment.Work(
                unit, kept.stream().map(this::piece).toList(), epoch, start, end, stalls));
  }

  private static List<Segment.Stall> stalls(long cycles, ComputeArray.Task task) {
    List<Segment.Stall> stalls = new ArrayList<>(task.waits(cycles - task.fillCycles()));
    if (task.fillCycles() > 0) {
      boolean isFirst =
          stalls.isEmpty() || !(stalls.getFirst().reason() instanceof StallReason.Latency);
      stalls.add(isFirst ? 0 : 1, new Segment.Stall(StallReason.Cause.FILL, task.fillCycles()));
    }
    return stalls;
  }

  private Segment.Piece piece(Nest nest) {
    return new Segment.Piece(
        nest.einsum(), nest.stage(), coordinates.ofEinsum(nest.einsum(), nest.at()));
  }

  /** A tile has moved. */
  public void moved(
      Segment.Direction direction,
      TensorName tensor,
      List<LevelName> ends,
      Ranges at,
      long start,
      long end) {
    Ranges kept = at.copy();
    store.add(
        start,
        end,
        () ->
            new Segment.Transfer(
                direction, tensor, ends, coordinates.ofTile(tensor, kept), start, end));
  }

  /** An epoch has ended. */
  public void epoch(Segment.InEpoch epoch, Loop loop, long start, long end) {
    // In an epoch without a tile for any stage nothing takes time.
    if (end > start) {
      store.add(start, end, () -> new Segment.Epoch(epoch, coordinates.variable(loop), start, end));
    }
  }

  /** A unit did nothing for some cycles. */
  public void idle(UnitName unit, StallReason reason, long start, long end) {
    Idle idle = idles.get(unit);
    if (idle.reason.equals(reason) && idle.end == start) {
      idle.end = end;
    } else {
      flush(unit, idle);
      idle.reason = reason;
      idle.start = start;
      idle.end = end;
    }
  }

  private void flush(UnitName unit, Idle idle) {
    long start = idle.start;
    long end = idle.end;
    StallReason reason = idle.reason;
    if (end > start) {
      store.add(start, end, () -> new Segment.Wait(unit, reason, start, end));
    }
  }

  /** Time passes: flows go on at their present rates, in the room that is taken now. */
  public void passes(long now, long cycles, List<Flow> flows) {
    if (!store.wants(now, now + cycles)) {
      stopFollowing(now);
      return;
    }
    if (!follows) {
      // What was before is not known, and nobody asks for it.
      follows = true;
      rates.values().forEach(rate -> rate.since = now);
      rooms.values().forEach(room -> room.since = now);
    }
    rates.values().forEach(rate -> rate.next = 0);
    flows.forEach(flow -> flow.forEachRate((port, words) -> rates.get(port).next += words));
    rates.forEach(
        (port, rate) -> {
          if (rate.next != rate.wordsPerCycle) {
            flush(port, rate, now);
            rate.wordsPerCycle = rate.next;
          }
        });
    rooms.forEach(
        (level, taken) -> {
          if (taken.words != taken.shown) {
            flush(level, taken, now);
            taken.shown = taken.words;
          }
        });
  }

  private void stopFollowing(long now) {
    if (follows) {
      rates.forEach((port, rate) -> flush(port, rate, now));
      rooms.forEach((level, taken) -> flush(level, taken, now));
      follows = false;
    }
  }

  /** How many cycles from now on nobody wants to see; of these, whole periods may be left out. */
  public long skippable(long now) {
    return on ? store.skippable(now) : Long.MAX_VALUE;
  }

  /**
   * Cycles were left out that repeat a period. Words and room that keeps take are what they were.
   *
   * @param periodStart where the period began
   * @param from where it ended, and what was left out began
   * @param now where the run goes on
   */
  public void skipped(long periodStart, long from, long now) {
    if (on) {
      stopFollowing(from);
      idles.forEach((unit, idle) -> skipped(unit, idle, periodStart, from, now));
      store.skipped(now);
    }
  }

  /** A unit that does nothing goes on so; if it began to in the period, it began anew since. */
  private void skipped(UnitName unit, Idle idle, long periodStart, long from, long now) {
    if (idle.end == from) {
      if (idle.start > periodStart) {
        flush(unit, idle);
        idle.start += now - from;
      }
      idle.end = now;
    }
  }

  private void flush(Port port, Rate rate, long now) {
    long since = rate.since;
    double words = rate.wordsPerCycle;
    if (now > since) {
      store.add(
          since, now, () -> new Segment.Bandwidth(port.level(), rate.number, words, since, now));
    }
    rate.since = now;
  }

  private void flush(LevelName level, RoomTaken taken, long now) {
    long since = taken.since;
    long words = taken.shown;
    if (now > since) {
      store.add(since, now, () -> new Segment.Room(level, words, since, now));
    }
    taken.since = now;
  }

  /** A cycle has been reached in which something begins or ends. */
  public void reached(long now, List<Flow> flows) {
    sampler.reached(now, flows);
  }

  /** What the windows hold of a run that has come to this cycle. */
  public Timeline timeline(long now) {
    if (!on) {
      return new Timeline(now, List.of());
    }
    idles.forEach(this::flush);
    stopFollowing(now);
    return store.timeline(now);
  }

  /** How the run went up to this cycle. */
  public Profile profile(long now) {
    return on ? sampler.profile(now) : Profile.NONE;
  }
}
