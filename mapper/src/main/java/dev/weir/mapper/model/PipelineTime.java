package dev.weir.mapper.model;

import java.util.Arrays;
import java.util.List;

/**
 * Time of pipelines and of the flowing loops directly around them. An epoch is determined by its
 * window: the tiles on which the stages work. Most epochs have the same window, and most iterations
 * of a flowing loop start with the same tiles under way, so both are counted in runs.
 */
final class PipelineTime {

  private final Nodes nodes;
  private final WorkTime times;
  private final Windows windows;
  private final Memo flows = new Memo();
  private final SkewTime skew;

  /** Least cycles of an epoch of the pipeline at hand, if it is skewed. */
  private long least;

  /** Of a pipeline or flowing loop, by node: nothing under way. */
  private final int[] empty;

  private long[] epochs = new long[16];
  private int[] evaluated = new int[16];
  private int evaluation;

  /** What is under way at the end of the part of a flow that was evaluated last. */
  private int underWay;

  PipelineTime(Plan plan, WorkTime times) {
    this.nodes = plan.nodes();
    this.times = times;
    this.skew = new SkewTime(times, plan.tree().nodes());
    int[] deepest = new int[plan.tree().pipelines()];
    note(plan.timedRoot(), deepest);
    this.windows = new Windows(deepest);
    this.empty = new int[plan.tree().nodes()];
    noteEmpty(plan.timedRoot());
  }

  private static void note(Work work, int[] deepest) {
    if (work instanceof Work.Pipeline pipeline) {
      deepest[pipeline.number()] = pipeline.deepest();
    }
    work.children().forEach(child -> note(child, deepest));
  }

  private void noteEmpty(Work work) {
    if (work instanceof Work.Pipeline || (work instanceof Work.Loop loop && loop.flows())) {
      empty[work.id()] = windows.empty(pipelineIn(work));
    }
    work.children().forEach(this::noteEmpty);
  }

  private static Work.Pipeline pipelineIn(Work work) {
    return switch (work) {
      case Work.Pipeline pipeline -> pipeline;
      case Work.Loop loop -> pipelineIn(loop.body());
      case Work.Residence keep -> pipelineIn(keep.body());
      case Work.Nest _,
          Work.Waves _,
          Work.OnlyLast _,
          Work.Sequence _,
          Work.Branches _,
          Work.Stage _,
          Work.Phase _ ->
          throw new IllegalStateException("only keeps and flowing loops stand around a pipeline");
    };
  }

  /** The kind of the first tile that comes into the pipeline. */
  private int firstTile(Work work, int kind) {
    return switch (work) {
      case Work.Pipeline pipeline -> times.firstOf(pipeline.loop(), kind);
      case Work.Loop loop -> firstTile(loop.body(), times.firstOf(loop.loop(), kind));
      case Work.Residence keep -> firstTile(keep.body(), kind);
      case Work.Nest _,
          Work.Waves _,
          Work.OnlyLast _,
          Work.Sequence _,
          Work.Branches _,
          Work.Stage _,
          Work.Phase _ ->
          throw new IllegalStateException("only keeps and flowing loops stand around a pipeline");
    };
  }

  void start() {
    evaluation++;
    flows.start();
  }

  /** Cycles of a pipeline, or of the outermost loop that flows, from empty to empty. */
  long cycles(Work work, int kind, int before, int after) {
    Work.Pipeline pipeline = pipelineIn(work);
    long once = 0;
    if (!pipeline.skew().isNone()) {
      int first = firstTile(work, kind);
      least(skew.least(pipeline, first));
      once = skew.once(pipeline, first);
    }
    return Math.addExact(once, flow(work, kind, empty[work.id()], before, after, false));
  }

  /** What is known of a flow holds for one least length of its epochs. */
  private void least(long cycles) {
    if (cycles != least) {
      least = cycles;
      flows.start();
    }
  }

  /**
   * Cycles of a part of a flow; what is then under way stands in {@link #underWay}.
   *
   * @param start what is under way before
   * @param goesOn whether more tiles follow, so that the pipeline does not drain
   */
  private long flow(Work work, int kind, int start, int before, int after, boolean goesOn) {
    boolean sees = nodes.seesNeighbours(work.id());
    int previous = sees ? before : Kinds.NONE;
    int next = sees ? after : Kinds.NONE;
    if (work instanceof Work.Residence keep) {
      long body = flow(keep.body(), kind, start, previous, next, goesOn);
      return times.keep(keep, body, kind, previous, next);
    }
    long where = (long) work.id() << 48 | (long) kind << 24 | start;
    long beside = (long) previous << 33 | (next & 0xFFFFFFFFL) << 1 | (goesOn ? 1 : 0);
    if (flows.has(where, beside)) {
      underWay = flows.state();
      return flows.value();
    }
    long cycles =
        switch (work) {
          case Work.Loop loop -> loop(loop, kind, start, previous, next, goesOn);
          case Work.Pipeline pipeline -> pipeline(pipeline, kind, start, previous, next, goesOn);
          case Work.Residence _,
              Work.Nest _,
              Work.Waves _,
              Work.OnlyLast _,
              Work.Sequence _,
              Work.Branches _,
              Work.Stage _,
              Work.Phase _ ->
              throw new IllegalStateException(
                  "only keeps stand between flowing loops and a pipeline");
        };
    flows.put(where, beside, cycles, underWay);
    return cycles;
  }

  private long loop(Work.Loop work, int kind, int start, int before, int after, boolean goesOn) {
    Work body = work.body();
    boolean sees = nodes.seesNeighbours(work.id());
    int previous = sees ? times.lastOf(work.loop(), before) : Kinds.NONE;
    int end = sees ? times.firstOf(work.loop(), after) : Kinds.NONE;
    Runs runs = times.runs(work.loop(), kind);
    while (runs.size == 1 && body instanceof Work.Loop inside) {
      boolean isOneKind = runs.multiply(times.runs(inside.loop(), runs.kind[0]));
      times.giveBack();
      if (!isOneKind) {
        break;
      }
      previous = sees ? times.lastOf(inside.loop(), previous) : Kinds.NONE;
      end = sees ? times.firstOf(inside.loop(), end) : Kinds.NONE;
      body = inside.body();
    }
    long sum = 0;
    underWay = start;
    for (int i = 0; i < runs.size; i++) {
      int current = runs.kind[i];
      long count = runs.count[i];
      boolean isEnd = i == runs.size - 1;
      int next = isEnd ? end : runs.kind[i + 1];
      if (count > 1 && sees) {
        sum = Math.addExact(sum, flow(body, current, underWay, previous, current, true));
        previous = current;
        count--;
      }
      if (count > 1) {
        sum = Math.addExact(sum, repeat(body, current, sees, count - 1));
      }
      boolean more = !isEnd || goesOn;
      sum = Math.addExact(sum, flow(body, current, underWay, previous, next, more));
      previous = current;
    }
    times.giveBack();
    return sum;
  }

  /** Equal iterations, one after another, until the tiles under way are the same again. */
  private long repeat(Work body, int kind, boolean sees, long count) {
    int beside = sees ? kind : Kinds.NONE;
    long sum = 0;
    for (long done = 0; done < count; done++) {
      int start = underWay;
      long one = flow(body, kind, start, beside, beside, true);
      if (underWay == start) {
        return Math.addExact(sum, Math.multiplyExact(count - done, one));
      }
      sum = Math.addExact(sum, one);
    }
    return sum;
  }

  private long pipeline(
      Work.Pipeline work, int kind, int start, int before, int after, boolean goesOn) {
    boolean sees = nodes.seesNeighbours(work.id());
    boolean startsPhase = sees && before == Kinds.NONE;
    boolean endsPhase = sees && after == Kinds.NONE;
    Runs runs = times.runs(work.loop(), kind);
    underWay = start;
    long sum = 0;
    for (int i = 0; i < runs.size; i++) {
      int current = runs.kind[i];
      long count = runs.count[i];
      boolean isEnd = endsPhase && i == runs.size - 1;
      if (startsPhase && i == 0) {
        int tile = Windows.tile(current, true, isEnd && count == 1);
        sum = Math.addExact(sum, epoch(work, tile));
        count--;
      }
      if (count > 0) {
        sum =
            Math.addExact(
                sum, alike(work, Windows.tile(current, false, false), isEnd ? count - 1 : count));
      }
      if (count > 0 && isEnd) {
        sum = Math.addExact(sum, epoch(work, Windows.tile(current, false, true)));
      }
    }
    times.giveBack();
    if (!goesOn) {
      for (int drained = 0; drained < work.deepest(); drained++) {
        sum = Math.addExact(sum, epoch(work, Windows.ABSENT));
      }
      underWay = empty[work.id()];
    }
    return sum;
  }

  /** Equal tiles, one after another, until all stages work on such a tile. */
  private long alike(Work.Pipeline work, int tile, long count) {
    long sum = 0;
    for (long done = 0; done < count; done++) {
      int start = underWay;
      long one = epoch(work, tile);
      if (underWay == start) {
        return Math.addExact(sum, Math.multiplyExact(count - done, one));
      }
      sum = Math.addExact(sum, one);
    }
    return sum;
  }

  private long epoch(Work.Pipeline work, int tile) {
    int window = windows.push(underWay, tile);
    if (window >= epochs.length) {
      epochs = Arrays.copyOf(epochs, window * 2);
      evaluated = Arrays.copyOf(evaluated, window * 2);
    }
    if (evaluated[window] != evaluation) {
      long cycles = inEpoch(work.body(), window); // may grow the array
      epochs[window] = cycles;
      evaluated[window] = evaluation;
    }
    underWay = windows.underWay(window);
    return work.skew().isNone() ? epochs[window] : Math.max(epochs[window], least);
  }

  private long inEpoch(Work work, int window) {
    return switch (work) {
      case Work.Stage stage -> {
        int tile = windows.tile(window, stage.offset());
        yield tile == Windows.ABSENT ? 0 : cycles(stage.body(), tile);
      }
      case Work.Residence keep -> handOver(keep, window);
      case Work.Sequence sequence -> {
        long sum = 0;
        List<Work> parts = sequence.parts();
        for (int i = 0; i < parts.size(); i++) {
          sum = Math.addExact(sum, inEpoch(parts.get(i), window));
        }
        yield sum;
      }
      case Work.Branches branches -> {
        long most = 0;
        List<Work> parts = branches.parts();
        for (int i = 0; i < parts.size(); i++) {
          most = Math.max(most, inEpoch(parts.get(i), window));
        }
        yield most;
      }
      case Work.Nest _, Work.Loop _, Work.Waves _, Work.OnlyLast _, Work.Pipeline _, Work.Phase _ ->
          throw new IllegalArgumentException("work between a pipeline and its stages");
    };
  }

  /** Inside a stage only the first and the last tile of the phase know that they are. */
  private long cycles(Work body, int tile) {
    int kind = tile >> 2;
    return times.cycles(
        body,
        kind,
        (tile & Windows.FIRST) != 0 ? Kinds.NONE : kind,
        (tile & Windows.LAST) != 0 ? Kinds.NONE : kind);
  }

  /** A keep around stages: a tile arrives for the first that uses it, and leaves after the last. */
  private long handOver(Work.Residence keep, int window) {
    long cycles = inEpoch(keep.body(), window);
    int arriving = windows.tile(window, nodes.arrival(keep));
    if (arriving != Windows.ABSENT && (!keep.doubled() || (arriving & Windows.FIRST) != 0)) {
      cycles = Math.addExact(cycles, times.loadCycles(keep, arriving >> 2));
    }
    int leaving = windows.tile(window, nodes.departure(keep));
    if (leaving != Windows.ABSENT && (!keep.doubled() || (leaving & Windows.LAST) != 0)) {
      cycles = Math.addExact(cycles, times.storeCycles(keep, leaving >> 2));
    }
    return cycles;
  }
}
