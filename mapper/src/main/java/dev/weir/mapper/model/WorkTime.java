package dev.weir.mapper.model;

import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.Rational;
import java.util.Arrays;
import java.util.List;

/**
 * Section 3 of {@code docs/schedule.md} over kinds of iterations. The time of a node depends on the
 * kind around it and, where a double keep transfers beside the work, on those of the execution
 * before and after; equal arguments are evaluated once.
 */
final class WorkTime {

  private final Plan plan;
  private final Numbers numbers;
  private final Kinds kinds;
  private final Nodes nodes;
  private final PipelineTime pipelines;
  private final PhaseTime phases;
  private final Memo known = new Memo();

  /** Times of nests, loads and stores. */
  private final Cells cells;

  /** Loops that skip all their iterations, by position among those that skip; others none. */
  private final long empty;

  private Runs[] pool = new Runs[0];
  private int used;

  WorkTime(Plan plan, Numbers numbers, Kinds kinds) {
    this(plan, numbers, kinds, new PhaseTime(plan, numbers, kinds), 0);
  }

  private WorkTime(Plan plan, Numbers numbers, Kinds kinds, PhaseTime phases, long empty) {
    this.plan = plan;
    this.numbers = numbers;
    this.kinds = kinds;
    this.nodes = plan.nodes();
    this.cells = new Cells(plan.tree().nests() + 2 * plan.tree().keeps());
    this.pipelines = new PipelineTime(plan, this);
    this.phases = phases;
    this.empty = empty;
  }

  /** Times where some of the loops that skip visit nothing, ready for the numbers at hand. */
  WorkTime without(long skipping) {
    WorkTime times = new WorkTime(plan, numbers, kinds, phases, skipping);
    times.start();
    return times;
  }

  /** Cycles of the whole schedule with the numbers at hand. */
  long cycles() {
    phases.start();
    if (!plan.tree().skips().isEmpty()) {
      return new VisitedTime(plan, numbers, kinds, this).cycles();
    }
    start();
    return cycles(plan.timedRoot(), Kinds.WHOLE, Kinds.NONE, Kinds.NONE);
  }

  private void start() {
    known.start();
    cells.start();
    pipelines.start();
    used = 0;
  }

  PhaseTime phases() {
    return phases;
  }

  /**
   * Cycles of one execution of a node.
   *
   * @param before kind of the execution before it in its phase
   * @param after kind of the one after it
   */
  long cycles(Work work, int kind, int before, int after) {
    return switch (work) {
      case Work.Nest nest -> {
        int at = cells.at(kind, nest.number());
        yield cells.isKnown(at) ? cells.get(at) : cells.put(at, nest(nest, kind));
      }
      case Work.Loop loop -> remembered(loop, loop.id(), kind, before, after);
      case Work.Waves waves -> remembered(waves, waves.id(), kind, before, after);
      case Work.Pipeline pipeline -> remembered(pipeline, pipeline.id(), kind, before, after);
      case Work.Phase phase -> remembered(phase, phase.id(), kind, before, after);
      case Work.OnlyLast last ->
          isReached(last, kind) ? cycles(last.body(), kind, before, after) : 0;
      case Work.Residence keep ->
          keep(keep, cycles(keep.body(), kind, before, after), kind, before, after);
      case Work.Sequence sequence -> {
        long sum = 0;
        List<Work> parts = sequence.parts();
        for (int i = 0; i < parts.size(); i++) {
          sum = Math.addExact(sum, cycles(parts.get(i), kind, before, after));
        }
        yield sum;
      }
      case Work.Branches branches -> {
        long most = 0;
        List<Work> parts = branches.parts();
        for (int i = 0; i < parts.size(); i++) {
          most = Math.max(most, cycles(parts.get(i), kind, before, after));
        }
        yield most;
      }
      case Work.Stage stage -> cycles(stage.body(), kind, before, after);
    };
  }

  private long remembered(Work work, int id, int kind, int before, int after) {
    boolean sees = nodes.seesNeighbours(id);
    int previous = sees ? before : Kinds.NONE;
    int next = sees ? after : Kinds.NONE;
    long where = (long) id << 32 | kind;
    long beside = (long) previous << 32 | (next & 0xFFFFFFFFL);
    if (known.has(where, beside)) {
      return known.value();
    }
    long cycles = fresh(work, kind, previous, next);
    known.put(where, beside, cycles, 0);
    return cycles;
  }

  private long fresh(Work work, int kind, int before, int after) {
    return switch (work) {
      case Work.Loop loop ->
          loop.flows()
              ? pipelines.cycles(loop, kind, before, after)
              : loop(loop, kind, before, after);
      case Work.Pipeline pipeline -> pipelines.cycles(pipeline, kind, before, after);
      case Work.Waves waves -> waves(waves, kind, before, after);
      case Work.Phase phase ->
          phases.cycles(phase, kind, cycles(phase.body(), kind, Kinds.NONE, Kinds.NONE));
      case Work.Nest _,
          Work.OnlyLast _,
          Work.Residence _,
          Work.Sequence _,
          Work.Branches _,
          Work.Stage _ ->
          throw new IllegalStateException("not remembered");
    };
  }

  private long nest(Work.Nest nest, int kind) {
    if (empty != 0 && nest.loops().stream().anyMatch(this::isEmpty)) {
      return 0;
    }
    long steps = 1;
    List<PathSum> factors = nest.steps();
    for (int i = 0; i < factors.size(); i++) {
      steps = Math.multiplyExact(steps, kinds.sum(factors.get(i), numbers, kind));
    }
    Rational each = nest.cyclesPerStep();
    long cycles = Math.ceilDiv(Math.multiplyExact(each.numerator(), steps), each.denominator());
    cycles = Math.addExact(cycles, nest.fixedCycles());
    List<Work.Fill> fills = nest.fills();
    for (int i = 0; i < fills.size(); i++) {
      cycles = Math.addExact(cycles, fill(fills.get(i), kind));
    }
    return cycles;
  }

  /** The first operand, or the last sum, passes all instances but one. */
  long fill(Work.Fill fill, int kind) {
    int here = kind;
    List<PlannedLoop> loops = fill.loops();
    int deepest = loops.size() - 1;
    for (int i = 0; i < deepest; i++) {
      here = firstTile(loops.get(i), here);
    }
    PlannedLoop loop = loops.get(deepest);
    Axis axis = loop.axis().orElseThrow();
    long tiles = Math.ceilDiv(kinds.range(here, loop), numbers.tiles[loop.number()]);
    return Math.multiplyExact(Math.min(tiles, axis.instances()) - 1, axis.hopCycles());
  }

  /** Iterations of a temporal loop; to be given back. */
  Runs runs(PlannedLoop loop, int kind) {
    return take().ofLoop(loop, kind, plan, numbers, kinds);
  }

  /** Whether an iteration is the last one, in which this runs. */
  boolean isReached(Work.OnlyLast last, int kind) {
    return (kinds.last(kind) & last.loop().bit()) != 0;
  }

  /** Waves of a spatial loop; to be given back. */
  Runs waves(PlannedLoop loop, int kind) {
    return take().ofWaves(loop, kind, plan, numbers, kinds);
  }

  private Runs take() {
    if (used == pool.length) {
      pool = Arrays.copyOf(pool, used + 8);
      for (int i = used; i < pool.length; i++) {
        pool[i] = new Runs();
      }
    }
    return pool[used++];
  }

  /** Gives back the iterations that were asked for last. */
  void giveBack() {
    used--;
  }

  private int firstTile(PlannedLoop loop, int kind) {
    int first = (loop.spatial() ? waves(loop, kind) : runs(loop, kind)).kind[0];
    giveBack();
    return first;
  }

  /** The first iteration of a loop in the execution that comes after; none if none comes. */
  int firstOf(PlannedLoop loop, int after) {
    if (after < 0) {
      return after;
    }
    return loop.skips() ? Kinds.UNKNOWN : firstTile(loop, after);
  }

  /** The last iteration of a loop in the execution before; none if none was. */
  int lastOf(PlannedLoop loop, int before) {
    if (before < 0) {
      return before;
    }
    if (loop.skips()) {
      return Kinds.UNKNOWN;
    }
    int last = (loop.spatial() ? waves(loop, before) : runs(loop, before)).lastKind();
    giveBack();
    return last;
  }

  private boolean isEmpty(PlannedLoop loop) {
    return loop.skips() && (empty >> loop.skip() & 1) != 0;
  }

  private long loop(Work.Loop work, int kind, int before, int after) {
    if (isEmpty(work.loop())) {
      return 0;
    }
    Work body = work.body();
    boolean sees = nodes.seesNeighbours(work.id());
    int previous = sees ? lastOf(work.loop(), before) : Kinds.NONE;
    int end = sees ? firstOf(work.loop(), after) : Kinds.NONE;
    Runs runs = runs(work.loop(), kind);
    while (runs.size == 1
        && body instanceof Work.Loop inside
        && !inside.flows()
        && !isEmpty(inside.loop())) {
      boolean isOneKind = runs.multiply(runs(inside.loop(), runs.kind[0]));
      giveBack();
      if (!isOneKind) {
        break;
      }
      previous = sees ? lastOf(inside.loop(), previous) : Kinds.NONE;
      end = sees ? firstOf(inside.loop(), end) : Kinds.NONE;
      body = inside.body();
    }
    long sum = 0;
    for (int i = 0; i < runs.size; i++) {
      int current = runs.kind[i];
      long count = runs.count[i];
      int next = i + 1 < runs.size ? runs.kind[i + 1] : end;
      if (!sees) {
        long one = cycles(body, current, Kinds.NONE, Kinds.NONE);
        sum = Math.addExact(sum, Math.multiplyExact(count, one));
      } else if (count == 1) {
        sum = Math.addExact(sum, cycles(body, current, previous, next));
      } else {
        sum = Math.addExact(sum, cycles(body, current, previous, current));
        if (count > 2) {
          long one = cycles(body, current, current, current);
          sum = Math.addExact(sum, Math.multiplyExact(count - 2, one));
        }
        sum = Math.addExact(sum, cycles(body, current, current, next));
      }
      previous = current;
    }
    giveBack();
    return sum;
  }

  private long waves(Work.Waves work, int kind, int before, int after) {
    Work body = work.body();
    boolean sees = nodes.seesNeighbours(work.id());
    int previous = sees ? lastOf(work.loop(), before) : Kinds.NONE;
    int end = sees ? firstOf(work.loop(), after) : Kinds.NONE;
    Runs waves = waves(work.loop(), kind);
    long sum = 0;
    for (int i = 0; i < waves.size; i++) {
      int current = waves.kind[i];
      long count = waves.count[i];
      int next = i + 1 < waves.size ? waves.kind[i + 1] : end;
      if (count == 1) {
        sum = Math.addExact(sum, wave(body, waves, i, previous, next));
      } else {
        sum = Math.addExact(sum, wave(body, waves, i, previous, current));
        if (count > 2) {
          long one = wave(body, waves, i, current, current);
          sum = Math.addExact(sum, Math.multiplyExact(count - 2, one));
        }
        sum = Math.addExact(sum, wave(body, waves, i, current, next));
      }
      previous = current;
    }
    giveBack();
    return sum;
  }

  private long wave(Work body, Runs waves, int at, int before, int after) {
    long cycles = cycles(body, waves.kind[at], before, after);
    return waves.alternative[at] == Kinds.NONE
        ? cycles
        : Math.max(cycles, cycles(body, waves.alternative[at], before, after));
  }

  /**
   * A keep around a body whose time is known.
   *
   * @param body cycles of the body
   */
  long keep(Work.Residence keep, long body, int kind, int before, int after) {
    if (!keep.doubled()) {
      long exposed = Math.addExact(loadCycles(keep, kind), storeCycles(keep, kind));
      return Math.addExact(body, exposed);
    }
    long step = body;
    if (keep.exposure() == Work.Exposure.STEPS) {
      long load = after < 0 ? 0 : loadCycles(keep, after);
      long store = before < 0 ? 0 : storeCycles(keep, before);
      step = Math.max(body, Math.addExact(load, store));
    }
    boolean exposesLoad = before == Kinds.NONE && keep.exposure() != Work.Exposure.LAST_STORE;
    long firstLoad = exposesLoad ? loadCycles(keep, kind) : 0;
    long lastStore = after == Kinds.NONE ? storeCycles(keep, kind) : 0;
    return Math.addExact(step, Math.addExact(firstLoad, lastStore));
  }

  /** Cycles of the loads that come before an entry. */
  long loadCycles(Work.Residence keep, int kind) {
    int at = cells.at(kind, plan.tree().nests() + 2 * keep.number());
    if (cells.isKnown(at)) {
      return cells.get(at);
    }
    long cycles = 0;
    for (KeepPlan site : plan.tensorsOf(keep)) {
      cycles = Math.addExact(cycles, site.loadCycles(numbers, kinds, kind));
    }
    return cells.put(at, cycles);
  }

  /** Cycles of the stores that come after. */
  long storeCycles(Work.Residence keep, int kind) {
    int at = cells.at(kind, plan.tree().nests() + 2 * keep.number() + 1);
    if (cells.isKnown(at)) {
      return cells.get(at);
    }
    long cycles = 0;
    for (KeepPlan site : plan.tensorsOf(keep)) {
      cycles = Math.addExact(cycles, site.storeCycles(numbers, kinds, kind));
    }
    return cells.put(at, cycles);
  }
}
