package dev.weir.mapper.model;

import java.util.List;

/**
 * What skewed axes make of a pipeline: its epochs are long enough for everything that passes along
 * them to arrive in time, and the arrays fill and drain once. Lengths are those of the nests of an
 * epoch in which all stages work on the first tile, as the machine's schedule is a static one.
 */
final class SkewTime {

  private final WorkTime times;

  /** By node of a stage: where it begins and ends in the epoch that is laid out. */
  private final long[] starts;

  private final long[] ends;

  SkewTime(WorkTime times, int nodes) {
    this.times = times;
    this.starts = new long[nodes];
    this.ends = new long[nodes];
  }

  /**
   * The least cycles of an epoch.
   *
   * @param kind of the first tile
   */
  long least(Work.Pipeline pipeline, int kind) {
    place(pipeline.body(), kind, 0);
    long least = 0;
    List<Work.Travel> travels = pipeline.skew().travels();
    for (int i = 0; i < travels.size(); i++) {
      Work.Travel travel = travels.get(i);
      long hops = cycles(travel.fills(), kind);
      if (hops > 0) {
        long arrival = Math.addExact(ends[travel.from()], hops);
        long late = Math.subtractExact(arrival, starts[travel.to()]);
        least = Math.max(least, Math.ceilDiv(late, travel.epochs()));
      }
    }
    return least;
  }

  /** Cycles in which the arrays fill before the first epoch and drain after the last one. */
  long once(Work.Pipeline pipeline, int kind) {
    long most = 0;
    List<List<Work.Fill>> passages = pipeline.skew().passages();
    for (int i = 0; i < passages.size(); i++) {
      most = Math.max(most, cycles(passages.get(i), kind));
    }
    return most;
  }

  private long cycles(List<Work.Fill> fills, int kind) {
    long sum = 0;
    for (int i = 0; i < fills.size(); i++) {
      sum = Math.addExact(sum, times.fill(fills.get(i), kind));
    }
    return sum;
  }

  /** Notes where stages begin and end in the epoch; returns where the work ends. */
  private long place(Work work, int kind, long start) {
    return switch (work) {
      case Work.Stage stage -> {
        long end = Math.addExact(start, work(stage.body(), kind));
        starts[stage.id()] = start;
        ends[stage.id()] = end;
        yield end;
      }
      case Work.Residence keep -> place(keep.body(), kind, start);
      case Work.Sequence sequence -> {
        long end = start;
        List<Work> parts = sequence.parts();
        for (int i = 0; i < parts.size(); i++) {
          end = place(parts.get(i), kind, end);
        }
        if (sequence.interleaved()) {
          together(sequence, start, end);
        }
        yield end;
      }
      case Work.Branches branches -> {
        long end = start;
        List<Work> parts = branches.parts();
        for (int i = 0; i < parts.size(); i++) {
          end = Math.max(end, place(parts.get(i), kind, start));
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
        List<Work> parts = sequence.parts();
        for (int i = 0; i < parts.size(); i++) {
          sum = Math.addExact(sum, work(parts.get(i), kind));
        }
        yield sum;
      }
      case Work.Branches branches -> {
        long most = 0;
        List<Work> parts = branches.parts();
        for (int i = 0; i < parts.size(); i++) {
          most = Math.max(most, work(parts.get(i), kind));
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
    switch (work) {
      case Work.Stage stage -> {
        starts[stage.id()] = start;
        ends[stage.id()] = end;
      }
      case Work.Residence keep -> together(keep.body(), start, end);
      case Work.Sequence sequence -> together(sequence.parts(), start, end);
      case Work.Branches branches -> together(branches.parts(), start, end);
      case Work.Nest _, Work.Loop _, Work.Waves _, Work.OnlyLast _, Work.Pipeline _, Work.Phase _ ->
          throw new IllegalArgumentException("work between a pipeline and its stages");
    }
  }

  private void together(List<Work> parts, long start, long end) {
    for (int i = 0; i < parts.size(); i++) {
      together(parts.get(i), start, end);
    }
  }
}
