package dev.weir.mapper.model;

import dev.weir.mapper.arch.Rational;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Time where loops skip. What they visit depends on where ranges lie, so the loops around and the
 * loops themselves are taken by position, until all of what is below is visited, or nothing: from
 * there on sizes decide, as in {@link WorkTime}. Of a double keep below a loop that skips only
 * neighbours are known that are visited for certain; the result is then a lower bound.
 */
final class VisitedTime {

  private static final long UNDECIDED = -1;

  private final Plan plan;
  private final Numbers numbers;
  private final Kinds kinds;
  private final Nodes nodes;
  private final WorkTime plain;
  private final Skips skips;
  private final VisitedSteps steps;

  /** By the loops that visit nothing. */
  private final Map<Long, WorkTime> settled = new HashMap<>();

  private final Map<List<Long>, Long> known = new HashMap<>();

  /**
   * @param plain times as if nothing were skipped
   */
  VisitedTime(Plan plan, Numbers numbers, Kinds kinds, WorkTime plain) {
    this.plan = plan;
    this.numbers = numbers;
    this.kinds = kinds;
    this.nodes = plan.nodes();
    this.plain = plain;
    this.skips = plan.skips();
    this.steps = new VisitedSteps(skips, numbers);
  }

  /** Cycles of the whole schedule. */
  long cycles() {
    Box whole = Box.over(skips.groups(), plan.ranks(), numbers);
    return cycles(plan.timedRoot(), Kinds.WHOLE, Kinds.NONE, Kinds.NONE, whole);
  }

  private WorkTime settled(long empty) {
    return settled.computeIfAbsent(empty, plain::without);
  }

  private long cycles(Work work, int kind, int before, int after, Box box) {
    long empty = skips.empty(skips.in(work), box);
    if (empty != UNDECIDED) {
      return settled(empty).cycles(work, kind, before, after);
    }
    return switch (work) {
      case Work.Phase phase ->
          plain
              .phases()
              .cycles(phase, kind, cycles(phase.body(), kind, Kinds.NONE, Kinds.NONE, box));
      case Work.OnlyLast last ->
          (kinds.last(kind) & last.loop().bit()) != 0
              ? cycles(last.body(), kind, before, after, box)
              : 0;
      case Work.Residence keep ->
          settled(0).keep(keep, cycles(keep.body(), kind, before, after, box), kind, before, after);
      case Work.Sequence sequence -> {
        long sum = 0;
        for (Work part : sequence.parts()) {
          sum = Math.addExact(sum, cycles(part, kind, before, after, box));
        }
        yield sum;
      }
      case Work.Branches branches -> {
        long most = 0;
        for (Work part : branches.parts()) {
          most = Math.max(most, cycles(part, kind, before, after, box));
        }
        yield most;
      }
      case Work.Loop loop when loop.flows() -> withoutSkipped(loop, kind, before, after);
      case Work.Pipeline _, Work.Stage _ -> withoutSkipped(work, kind, before, after);
      case Work.Loop _, Work.Waves _, Work.Nest _ -> remembered(work, kind, before, after, box);
    };
  }

  /** In a pipeline stages work on tiles at several places: nothing that may be left out counts. */
  private long withoutSkipped(Work work, int kind, int before, int after) {
    return settled(skips.in(work)).cycles(work, kind, before, after);
  }

  private long remembered(Work work, int kind, int before, int after, Box box) {
    boolean sees = nodes.seesNeighbours(work.id());
    int previous = sees ? before : Kinds.NONE;
    int next = sees ? after : Kinds.NONE;
    if (!skips.isShiftInvariant()) {
      return fresh(work, kind, previous, next, box);
    }
    List<Long> key = new ArrayList<>(box.shape(work.id(), skips.groups()));
    key.addAll(List.of((long) kind, (long) previous, (long) next));
    Long cycles = known.get(key);
    if (cycles == null) {
      cycles = fresh(work, kind, previous, next, box);
      known.put(key, cycles);
    }
    return cycles;
  }

  private long fresh(Work work, int kind, int before, int after, Box box) {
    return switch (work) {
      case Work.Loop loop ->
          skips.groups().contains(loop.loop().group())
              ? new Steps(loop, kind, before, after, box).cycles()
              : apart(loop, kind, before, after, box);
      case Work.Waves waves -> waves(waves, kind, box);
      case Work.Nest nest -> nest(nest, kind, box);
      case Work.Phase _,
          Work.OnlyLast _,
          Work.Residence _,
          Work.Sequence _,
          Work.Branches _,
          Work.Pipeline _,
          Work.Stage _ ->
          throw new IllegalStateException("not remembered");
    };
  }

  /** What fills an array counts where all instances are sure to take part. */
  private long nest(Work.Nest nest, int kind, Box box) {
    long visited = steps.steps(nest, kinds, kind, box);
    if (visited == 0) {
      return 0;
    }
    Rational each = nest.cyclesPerStep();
    long cycles = Math.ceilDiv(Math.multiplyExact(each.numerator(), visited), each.denominator());
    cycles = Math.addExact(cycles, nest.fixedCycles());
    for (Work.Fill fill : nest.fills()) {
      boolean isSure = Skips.bits(fill.loops()) == 0;
      cycles = Math.addExact(cycles, isSure ? plain.fill(fill, kind) : 0);
    }
    return cycles;
  }

  /** A loop over a rank that decides nothing: the same is visited in all its iterations. */
  private long apart(Work.Loop work, int kind, int before, int after, Box box) {
    Work body = work.body();
    int previous = plain.lastOf(work.loop(), before);
    int end = plain.firstOf(work.loop(), after);
    Runs runs = new Runs().ofLoop(work.loop(), kind, plan, numbers, kinds);
    long sum = 0;
    for (int i = 0; i < runs.size; i++) {
      int current = runs.kind[i];
      long count = runs.count[i];
      int next = i + 1 < runs.size ? runs.kind[i + 1] : end;
      int second = count > 1 ? current : next;
      sum = Math.addExact(sum, cycles(body, current, previous, second, box));
      if (count > 2) {
        long one = cycles(body, current, current, current, box);
        sum = Math.addExact(sum, Math.multiplyExact(count - 2, one));
      }
      if (count > 1) {
        sum = Math.addExact(sum, cycles(body, current, current, next, box));
      }
      previous = current;
    }
    return sum;
  }

  /** Iterations of a loop by position. */
  private final class Steps {

    private final Work.Loop work;
    private final PlannedLoop loop;
    private final int kind;
    private final Box box;
    private final long tiles;
    private final long skipping;
    private final boolean sees;
    private final int previous;
    private final int end;

    Steps(Work.Loop work, int kind, int before, int after, Box box) {
      this.work = work;
      this.loop = work.loop();
      this.kind = kind;
      this.box = box;
      this.tiles = box.tiles(loop, numbers);
      this.skipping = Skips.bit(loop);
      this.sees = nodes.seesNeighbours(work.id());
      this.previous = loop.skips() ? Kinds.UNKNOWN : plain.lastOf(loop, before);
      this.end = loop.skips() ? Kinds.UNKNOWN : plain.firstOf(loop, after);
    }

    long cycles() {
      if (tiles == 1) {
        return alike(0, 1);
      }
      long ends = Math.addExact(alike(0, 1), alike(tiles - 1, tiles));
      return tiles == 2 ? ends : Math.addExact(ends, alike(1, tiles - 1));
    }

    /** Iterations of one kind, from one to another. */
    private long alike(long start, long last) {
      Box inside = box.tiles(loop, numbers, start, last);
      long empty = skips.empty(skips.in(work), inside);
      if ((empty & skipping) != 0 && empty != UNDECIDED) {
        return 0;
      }
      long count = last - start;
      if (empty == UNDECIDED && count > 1) {
        long middle = (start + last) >>> 1;
        return Math.addExact(alike(start, middle), alike(middle, last));
      }
      if (empty == UNDECIDED) {
        boolean isVisited = !loop.skips() || skips.isVisited(loop, inside);
        return isVisited
            ? VisitedTime.this.cycles(
                work.body(), kindAt(start), before(start), after(start), inside)
            : 0;
      }
      WorkTime times = settled(empty);
      int current = kindAt(start);
      if (count == 1) {
        return times.cycles(work.body(), current, before(start), after(start));
      }
      long sum = times.cycles(work.body(), current, before(start), current);
      sum = Math.addExact(sum, times.cycles(work.body(), current, current, after(last - 1)));
      if (count > 2) {
        long one = times.cycles(work.body(), current, current, current);
        sum = Math.addExact(sum, Math.multiplyExact(count - 2, one));
      }
      return sum;
    }

    private int kindAt(long number) {
      int first = number == 0 && nodes.marksFirst(loop) ? Kinds.FIRST : 0;
      int last = number == tiles - 1 ? Kinds.LAST : 0;
      return kinds.child(kind, loop, first | last);
    }

    private int before(long number) {
      return number == 0 ? previous : beside(number - 1);
    }

    private int after(long number) {
      return number == tiles - 1 ? end : beside(number + 1);
    }

    /** A neighbour of a visited iteration. */
    private int beside(long number) {
      boolean isKnown =
          sees
              && (!loop.skips()
                  || skips.isVisited(loop, box.tiles(loop, numbers, number, number + 1)));
      return isKnown ? kindAt(number) : Kinds.UNKNOWN;
    }
  }

  /**
   * Of the instances of a wave that visit different iterations, the first and the last one: the
   * wave takes no less.
   */
  private long waves(Work.Waves work, int kind, Box box) {
    PlannedLoop loop = work.loop();
    if (!skips.groups().contains(loop.group())) {
      return together(work, kind, box);
    }
    long tiles = box.tiles(loop, numbers);
    long sum = 0;
    for (long start = 0; start < tiles; start += loop.instances()) {
      long last = Math.min(tiles, start + loop.instances()) - 1;
      long longest = alone(work, kind, box, start);
      longest = Math.max(longest, alone(work, kind, box, last));
      if (last - start > 1) {
        longest = Math.max(longest, alone(work, kind, box, last - 1));
      }
      sum = Math.addExact(sum, longest);
    }
    return sum;
  }

  /** The same is visited in all instances. */
  private long together(Work.Waves work, int kind, Box box) {
    Runs waves = new Runs().ofWaves(work.loop(), kind, plan, numbers, kinds);
    long sum = 0;
    for (int i = 0; i < waves.size; i++) {
      long one = cycles(work.body(), waves.kind[i], Kinds.UNKNOWN, Kinds.UNKNOWN, box);
      if (waves.alternative[i] != Kinds.NONE) {
        int shorter = waves.alternative[i];
        one = Math.max(one, cycles(work.body(), shorter, Kinds.UNKNOWN, Kinds.UNKNOWN, box));
      }
      sum = Math.addExact(sum, Math.multiplyExact(waves.count[i], one));
    }
    return sum;
  }

  /** An instance as if the others had nothing to do. */
  private long alone(Work.Waves work, int kind, Box box, long number) {
    PlannedLoop loop = work.loop();
    boolean isFirst = number < loop.instances() && nodes.marksFirst(loop);
    boolean isLast = number == box.tiles(loop, numbers) - 1;
    int code = (isFirst ? Kinds.FIRST : 0) | (isLast ? Kinds.LAST : Kinds.ALONE);
    int tile = kinds.child(kind, loop, code);
    Box inside = box.tiles(loop, numbers, number, number + 1);
    return cycles(work.body(), tile, Kinds.UNKNOWN, Kinds.UNKNOWN, inside);
  }
}
