package dev.weir.simulator.trace;

import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.Timeline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Keeps the segments of three windows: two that begin at known cycles, and one that moves with the
 * run so that in the end it is the last. Segments are made only of what is kept, as most of a long
 * run is dropped again.
 */
final class WindowStore {

  /** Something that happened, by its number among all. */
  private record Event(long number, long start, long end, Supplier<Segment> segment) {}

  /** A window that begins at a known cycle. */
  private static final class Fixed {
    private final long start;
    private final int most;
    private final List<Event> events = new ArrayList<>();
    private long end;

    Fixed(long start, long cycles, int most) {
      this.start = start;
      this.end = Math.addExact(start, cycles);
      this.most = most;
    }

    boolean wants(long from, long to) {
      return from < end && to > start;
    }

    void add(Event event) {
      if (wants(event.start, event.end)) {
        events.add(event);
        if (events.size() == most) {
          // What has begun by now may still end later and is taken; nothing else is.
          end = Math.min(end, event.end);
        }
      }
    }
  }

  /** Consecutive cycles with all their events. */
  private record Kept(long start, long end, Collection<Event> events) {}

  private final TraceWindows wanted;
  private final List<Fixed> fixed;
  private final Deque<Event> latest = new ArrayDeque<>();
  private final long leastLatest;
  private long latestStart;
  private long count;

  WindowStore(TraceWindows wanted) {
    this.wanted = wanted;
    this.leastLatest = wanted.leastCycles() - wanted.cycles();
    this.latestStart = Math.max(0, leastLatest);
    this.fixed =
        List.of(
            new Fixed(0, wanted.cycles(), wanted.mostSegments()),
            new Fixed(wanted.middle(), wanted.cycles(), wanted.mostSegments()));
  }

  /** Whether a window may hold something that lasts from one cycle to another. */
  boolean wants(long start, long end) {
    boolean wanted = end > leastLatest;
    for (int i = 0; i < fixed.size(); i++) {
      wanted |= fixed.get(i).wants(start, end);
    }
    return wanted;
  }

  /**
   * How many cycles from now on may be left out: none in a window, else those up to the next. The
   * last window is known only if the run takes longer than it certainly does by no more than a
   * window; else it is what follows the last cycles left out. It need not be longer than the first
   * one, which shows how many cycles have as many segments as there may be.
   */
  long skippable(long now) {
    long next = Long.MAX_VALUE;
    for (int i = 0; i < fixed.size(); i++) {
      Fixed window = fixed.get(i);
      next = Math.min(next, cyclesUntil(window.start, window.end, now));
    }
    Fixed first = fixed.getFirst();
    long most = Math.min(wanted.cycles(), first.end - first.start);
    long least = wanted.leastCycles();
    return Math.min(next, cyclesUntil(least - most, Math.addExact(least, most), now));
  }

  private static long cyclesUntil(long start, long end, long now) {
    return now >= end ? Long.MAX_VALUE : Math.max(0, start - now);
  }

  /** The cycles up to this one were left out. */
  void skipped(long now) {
    latestStart = Math.max(latestStart, now);
  }

  /**
   * Something that has just ended.
   *
   * @param segment makes the segment; it must not depend on anything that changes later
   */
  void add(long start, long end, Supplier<Segment> segment) {
    if (!wants(start, end)) {
      return;
    }
    Event event = new Event(count++, start, end, segment);
    for (int i = 0; i < fixed.size(); i++) {
      fixed.get(i).add(event);
    }
    if (end <= leastLatest) {
      return;
    }
    latest.add(event);
    while (latest.peek().end <= end - wanted.cycles()) {
      latest.remove();
    }
    if (latest.size() > wanted.mostSegments()) {
      latestStart = Math.max(latestStart, latest.remove().end);
    }
  }

  /** What was kept of a run that has come to this cycle. */
  Timeline timeline(long now) {
    List<Kept> windows = new ArrayList<>();
    for (Fixed window : fixed) {
      windows.add(new Kept(window.start, Math.min(window.end, now), window.events));
    }
    windows.add(new Kept(Math.max(latestStart, now - wanted.cycles()), now, latest));
    return new Timeline(now, joined(windows, now).stream().map(WindowStore::window).toList());
  }

  private static List<Kept> joined(List<Kept> windows, long now) {
    List<Kept> joined = new ArrayList<>();
    for (Kept next : windows) {
      long start = Math.max(0, next.start);
      if (start >= next.end && now > 0) {
        continue;
      }
      if (!joined.isEmpty() && start <= joined.getLast().end) {
        Kept before = joined.removeLast();
        joined.add(
            new Kept(
                before.start, Math.max(before.end, next.end), union(before.events, next.events)));
      } else {
        joined.add(new Kept(start, next.end, next.events));
      }
    }
    return joined;
  }

  private static Collection<Event> union(Collection<Event> one, Collection<Event> other) {
    Map<Long, Event> all = new TreeMap<>();
    one.forEach(event -> all.put(event.number, event));
    other.forEach(event -> all.put(event.number, event));
    return all.values();
  }

  private static Timeline.Window window(Kept kept) {
    List<Segment> segments =
        kept.events.stream()
            .filter(event -> event.start < kept.end && event.end > kept.start)
            .sorted(Comparator.comparingLong(Event::start).thenComparingLong(Event::number))
            .map(event -> event.segment.get())
            .toList();
    return new Timeline.Window(kept.start, kept.end, segments);
  }
}
