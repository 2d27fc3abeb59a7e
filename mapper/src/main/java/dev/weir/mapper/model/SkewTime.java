package dev.weir.mapper.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What skewed axes make of a pipeline: its epochs are long enough for everything that passes along
 * them to arrive in time, and the arrays fill and drain once. Lengths are those of the nests of an
 * epoch in which all stages work on the first tile, as the machine's schedule is a static one.
 */
final class SkewTime {

  private final WorkTime times;
  private final Map<Integer, Long> starts = new HashMap<>();
  private final Map<Integer, Long> ends = new HashMap<>();

  SkewTime(WorkTime times) {
    this.times = times;
  }

  /**
   * The least cycles of an epoch.
   *
   * @param kind of the first tile
   */
  long least(Work.Pipeline pipeline, int kind) {
    starts.clear();
    ends.clear();
    place(pipeline.body(), kind, 0);
    long least = 0;
    for (Work.Travel travel : pipeline.skew().travels()) {
      long hops = cycles(travel.fills(), kind);
      if (hops > 0) {
        long arrival = Math.addExact(ends.get(travel.from()), hops);
        long late = Math.subtractExact(arrival, starts.get(travel.to()));
        least = Math.max(least, Math.ceilDiv(late, travel.epochs()));
      }
    }
    return least;
  }

  /** Cycles in which the arrays fill before the first epoch and drain after the last one. */
  long once(Work.Pipeline pipeline, int kind) {
    long most = 0;
    for (List<Work.Fill> passage : pipeline.skew().passages()) {
      most = Math.max(most, cycles(passage, kind));
    }
    return most;
  }

  private long cycles(List<Work.Fill> fills, int kind) {
    long sum = 0;
    for (Work.Fill fill : fills) {
      sum = Math.addExact(sum, times.fill(fill, kind));
    }
    return sum;
  }

  /** Notes where stages begin and end in the epoch; returns where the work ends. */
  private long place(Work work, int kind, long start) {
    return switch (work) {
      case Work.Stage stage -> {
        long end = Math.addExact(start, work(stage.body(), kind));
        starts.put(stage.id(), start);
        ends.put(stage.id(), end);
        yield end;
      }
      case Work.Residence keep -> place(keep.body(), kind, start);
      case Work.Sequence sequence -> {
        long end = start;
        for (Work part : sequence.parts()) {
          end = place(part, kind, end);
        }
        if (sequence.interleaved()) {
          together(sequence, start, end);
        }
        yield end;
      }
      case Work.Branches branches -> {
        long end = start;
        for (Work part : branches.parts()) {
          end = Math.max(end, place(part, kind, start));
        }
        yield end;
      }
      case Work.Nest _, Work.Loop _, Work.Waves _, Work.OnlyLast _, Work.Pipeline _, Work.Phase _ ->
          throw new IllegalArgumentException("work between a pipeline and its stages");
    };
  }

  /** Cycles of the nests of a stage, transfers apart. */
  private long work(Work work, int kind) {
    return switch (work) {
      case Work.Nest nest -> times.cycles(nest, kind, kind, kind);
      case Work.Loop loop -> {
        Runs runs = times.runs(loop.loop(), kind);
        long sum = sum(loop.body(), runs);
        times.giveBack();
        yield sum;
      }
      case Work.Waves waves -> {
        Runs runs = times.waves(waves.loop(), kind);
        long sum = sum(waves.body(), runs);
        times.giveBack();
        yield sum;
      }
      case Work.OnlyLast last -> times.isReached(last, kind) ? work(last.body(), kind) : 0;
      case Work.Residence keep -> work(keep.body(), kind);
      case Work.Sequence sequence -> {
        long sum = 0;
        for (Work part : sequence.parts()) {
          sum = Math.addExact(sum, work(part, kind));
        }
        yield sum;
      }
      case Work.Branches branches -> {
        long most = 0;
        for (Work part : branches.parts()) {
          most = Math.max(most, work(part, kind));
        }
        yield most;
      }
      case Work.Stage _, Work.Pipeline _, Work.Phase _ ->
          throw new IllegalArgumentException("a pipeline in a stage");
    };
  }

  private long sum(Work body, Runs runs) {
    long sum = 0;
    for (int i = 0; i < runs.size; i++) {
      long one = work(body, runs.kind[i]);
      if (runs.alternative[i] != Kinds.NONE) {
        one = Math.max(one, work(body, runs.alternative[i]));
      }
      sum = Math.addExact(sum, Math.multiplyExact(runs.count[i], one));
    }
    return sum;
  }

  private void together(Work work, long start, long end) {
    if (work instanceof Work.Stage stage) {
      starts.put(stage.id(), start);
      ends.put(stage.id(), end);
    }
    work.children().forEach(child -> together(child, start, end));
  }
}
