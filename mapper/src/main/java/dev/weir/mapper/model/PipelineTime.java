package dev.weir.mapper.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Time of pipelines and of the flowing loops directly around them. An epoch is determined by its
 * window: the tiles on which the stages work. Most epochs have the same window, and most iterations
 * of a flowing loop start with the same tiles under way, so both are counted in runs.
 */
final class PipelineTime {

  /**
   * A tile under way.
   *
   * @param first whether none is before it in the phase
   * @param last whether none comes after it
   */
  private record Tile(Ranges ranges, boolean first, boolean last) {}

  private record WindowKey(int work, List<Optional<Tile>> window) {}

  private record FlowKey(
      int work, Ranges ranges, List<Tile> underWay, Ranges before, Ranges after, boolean goesOn) {}

  /**
   * Cycles of a part of a flow.
   *
   * @param underWay tiles that later stages still work on, the youngest first
   */
  private record Passed(long cycles, List<Tile> underWay) {}

  private final Plan plan;
  private final Transfers transfers;
  private final WorkTime times;
  private final Map<WindowKey, Long> epochs = new HashMap<>();
  private final Map<FlowKey, Passed> flows = new HashMap<>();

  PipelineTime(Plan plan, Transfers transfers, WorkTime times) {
    this.plan = plan;
    this.transfers = transfers;
    this.times = times;
  }

  /** Cycles of a pipeline, or of the outermost loop that flows, from empty to empty. */
  long cycles(Work work, Ranges ranges, Ranges before, Ranges after) {
    return flow(work, ranges, List.of(), before, after, false).cycles();
  }

  /**
   * @param goesOn whether more tiles follow, so that the pipeline does not drain
   */
  private Passed flow(
      Work work, Ranges ranges, List<Tile> underWay, Ranges before, Ranges after, boolean goesOn) {
    boolean sees = plan.seesNeighbours(work);
    FlowKey key =
        new FlowKey(
            work.id(),
            ranges,
            underWay,
            sees ? before : Ranges.NONE,
            sees ? after : Ranges.NONE,
            goesOn);
    Passed passed = flows.get(key);
    if (passed == null) {
      passed = fresh(work, key);
      flows.put(key, passed);
    }
    return passed;
  }

  private Passed fresh(Work work, FlowKey key) {
    return switch (work) {
      case Work.Loop loop -> loop(loop, key);
      case Work.Residence keep -> {
        Passed body =
            flow(
                keep.body(), key.ranges(), key.underWay(), key.before(), key.after(), key.goesOn());
        long cycles = times.keep(keep, body.cycles(), key.ranges(), key.before(), key.after());
        yield new Passed(cycles, body.underWay());
      }
      case Work.Pipeline pipeline -> pipeline(pipeline, key);
      case Work.Nest _,
          Work.Waves _,
          Work.OnlyLast _,
          Work.Sequence _,
          Work.Branches _,
          Work.Stage _,
          Work.Phase _ ->
          throw new IllegalStateException("only keeps stand between flowing loops and a pipeline");
    };
  }

  private Passed loop(Work.Loop loop, FlowKey key) {
    List<WorkTime.Step> steps =
        times.steps(loop.loop(), loop.body(), key.ranges(), key.before(), key.after());
    long sum = 0;
    List<Tile> underWay = key.underWay();
    for (int i = 0; i < steps.size(); i++) {
      WorkTime.Step step = steps.get(i);
      boolean containsEnd = i == steps.size() - 1;
      Passed most = repeat(loop.body(), step, underWay, step.count() - (containsEnd ? 1 : 0));
      sum = Math.addExact(sum, most.cycles());
      underWay = most.underWay();
      if (containsEnd) {
        Passed end =
            flow(loop.body(), step.ranges(), underWay, step.before(), step.after(), key.goesOn());
        sum = Math.addExact(sum, end.cycles());
        underWay = end.underWay();
      }
    }
    return new Passed(sum, underWay);
  }

  /** Equal iterations, one after another, until the tiles under way are the same again. */
  private Passed repeat(Work body, WorkTime.Step step, List<Tile> start, long count) {
    long sum = 0;
    List<Tile> underWay = start;
    for (long done = 0; done < count; done++) {
      Passed one = flow(body, step.ranges(), underWay, step.before(), step.after(), true);
      if (one.underWay().equals(underWay)) {
        long rest = Math.multiplyExact(count - done, one.cycles());
        return new Passed(Math.addExact(sum, rest), underWay);
      }
      sum = Math.addExact(sum, one.cycles());
      underWay = one.underWay();
    }
    return new Passed(sum, underWay);
  }

  private Passed pipeline(Work.Pipeline pipeline, FlowKey key) {
    List<Plan.Run> runs = plan.runs(pipeline.loop(), key.ranges());
    boolean sees = plan.seesNeighbours(pipeline);
    boolean first = sees && key.before().isNone();
    boolean last = sees && key.after().isNone();
    Tiles tiles = new Tiles(runs, first, last, key.underWay());
    int deepest = pipeline.deepest();
    long ends = key.goesOn() ? tiles.count() : tiles.count() + deepest;
    long sum = 0;
    long epoch = 0;
    while (epoch < ends) {
      long alike = tiles.alike(epoch, deepest);
      List<Optional<Tile>> window = tiles.window(epoch, deepest);
      sum = Math.addExact(sum, Math.multiplyExact(alike, epoch(pipeline.body(), window)));
      epoch += alike;
    }
    return new Passed(sum, key.goesOn() ? tiles.youngest(deepest) : List.of());
  }

  /** The tiles of one execution of a pipeline, and those under way when it starts. */
  private record Tiles(List<Plan.Run> runs, boolean first, boolean last, List<Tile> underWay) {

    long count() {
      return runs.stream().mapToLong(Plan.Run::count).sum();
    }

    Optional<Tile> at(long number) {
      if (number < 0) {
        long age = -1 - number;
        return age < underWay.size() ? Optional.of(underWay.get((int) age)) : Optional.empty();
      }
      long left = number;
      for (Plan.Run run : runs) {
        if (left < run.count()) {
          boolean isFirst = first && number == 0;
          boolean isLast = last && number == count() - 1;
          return Optional.of(new Tile(run.ranges(), isFirst, isLast));
        }
        left -= run.count();
      }
      return Optional.empty();
    }

    List<Optional<Tile>> window(long epoch, int deepest) {
      List<Optional<Tile>> window = new ArrayList<>(deepest + 1);
      for (int stage = 0; stage <= deepest; stage++) {
        window.add(at(epoch - stage));
      }
      return window;
    }

    /** How many epochs from this one on certainly have the same window. */
    long alike(long epoch, int deepest) {
      long start = 0;
      for (Plan.Run run : runs) {
        long lowest = Math.max(start, 1) + deepest;
        long highest = Math.min(start + run.count(), count() - 1) - 1;
        if (epoch >= lowest && epoch <= highest) {
          return highest - epoch + 1;
        }
        start += run.count();
      }
      return 1;
    }

    List<Tile> youngest(int deepest) {
      List<Tile> youngest = new ArrayList<>(deepest);
      for (long number = count() - 1; youngest.size() < deepest; number--) {
        Optional<Tile> tile = at(number);
        if (tile.isEmpty()) {
          break;
        }
        youngest.add(tile.get());
      }
      return youngest;
    }
  }

  private long epoch(Work body, List<Optional<Tile>> window) {
    WindowKey key = new WindowKey(body.id(), window);
    Long cycles = epochs.get(key);
    if (cycles == null) {
      cycles = inEpoch(body, window);
      epochs.put(key, cycles);
    }
    return cycles;
  }

  private long inEpoch(Work work, List<Optional<Tile>> window) {
    return switch (work) {
      case Work.Stage stage -> inStage(stage.body(), window, stage.offset());
      case Work.Residence keep -> handOver(keep, window);
      case Work.Sequence sequence -> sum(sequence.parts(), window);
      case Work.Branches branches ->
          branches.parts().stream().mapToLong(part -> inEpoch(part, window)).max().orElse(0);
      case Work.Nest _, Work.Loop _, Work.Waves _, Work.OnlyLast _, Work.Pipeline _, Work.Phase _ ->
          throw new IllegalArgumentException("work between a pipeline and its stages");
    };
  }

  private long sum(List<Work> parts, List<Optional<Tile>> window) {
    long sum = 0;
    for (Work part : parts) {
      sum = Math.addExact(sum, inEpoch(part, window));
    }
    return sum;
  }

  private long inStage(Work body, List<Optional<Tile>> window, int stage) {
    return window.get(stage).map(tile -> cycles(body, tile)).orElse(0L);
  }

  /** Inside a stage only the first and the last tile of the phase know that they are. */
  private long cycles(Work body, Tile tile) {
    return times.cycles(
        body,
        tile.ranges(),
        tile.first() ? Ranges.NONE : tile.ranges(),
        tile.last() ? Ranges.NONE : tile.ranges());
  }

  /** A keep around stages: a tile arrives before its first stage and leaves after its last. */
  private long handOver(Work.Residence keep, List<Optional<Tile>> window) {
    long cycles = inEpoch(keep.body(), window);
    Optional<Tile> arriving = window.get(plan.firstStage(keep));
    if (arriving.isPresent() && (!keep.doubled() || arriving.get().first())) {
      long load = transfers.loadCycles(keep.sites(), arriving.get().ranges());
      cycles = Math.addExact(cycles, load);
    }
    Optional<Tile> leaving = window.get(plan.lastStage(keep));
    if (leaving.isPresent() && (!keep.doubled() || leaving.get().last())) {
      long store = transfers.storeCycles(keep.sites(), leaving.get().ranges());
      cycles = Math.addExact(cycles, store);
    }
    return cycles;
  }
}
