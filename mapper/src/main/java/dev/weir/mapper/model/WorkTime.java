package dev.weir.mapper.model;

import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.Rational;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Section 3 of {@code docs/schedule.md} over kinds of iterations. The time of a node depends on the
 * ranges at it and, where a double keep transfers beside the work, on those of the execution before
 * and after; equal arguments are evaluated once.
 */
final class WorkTime {

  private record Key(int work, Ranges ranges, Ranges before, Ranges after) {}

  /** Iterations that are alike in ranges and neighbours. */
  record Step(Ranges ranges, Ranges before, Ranges after, long count) {}

  private final Plan plan;
  private final Transfers transfers;
  private final PhaseWords phaseWords;
  private final PipelineTime pipelines;
  private final Map<Key, Long> known = new HashMap<>();
  private final SortedMap<Integer, Bound> bounds = new TreeMap<>();

  WorkTime(Plan plan, Transfers transfers) {
    this.plan = plan;
    this.transfers = transfers;
    this.phaseWords = new PhaseWords(plan);
    this.pipelines = new PipelineTime(plan, transfers, this);
  }

  /** Cycles of the whole schedule. */
  long cycles() {
    return cycles(plan.root(), plan.whole(), Ranges.NONE, Ranges.NONE);
  }

  /** Of every phase in its longest execution, the whole schedule first; after {@link #cycles}. */
  List<Bound> bounds() {
    return List.copyOf(bounds.values());
  }

  /**
   * Cycles of one execution of a node.
   *
   * @param before ranges of the execution before it in its phase
   * @param after ranges of the one after it
   */
  long cycles(Work work, Ranges ranges, Ranges before, Ranges after) {
    boolean sees = plan.seesNeighbours(work);
    Key key = new Key(work.id(), ranges, sees ? before : Ranges.NONE, sees ? after : Ranges.NONE);
    Long cycles = known.get(key);
    if (cycles == null) {
      cycles = fresh(work, key.ranges(), key.before(), key.after());
      known.put(key, cycles);
    }
    return cycles;
  }

  private long fresh(Work work, Ranges ranges, Ranges before, Ranges after) {
    return switch (work) {
      case Work.Nest nest -> nest(nest, ranges);
      case Work.Loop loop ->
          loop.flows()
              ? pipelines.cycles(loop, ranges, before, after)
              : loop(loop, ranges, before, after);
      case Work.Pipeline pipeline -> pipelines.cycles(pipeline, ranges, before, after);
      case Work.Waves waves -> waves(waves, ranges, before, after);
      case Work.OnlyLast last ->
          ranges.areLast(last.loop().bit()) ? cycles(last.body(), ranges, before, after) : 0;
      case Work.Residence keep -> {
        long body = cycles(keep.body(), ranges, before, after);
        yield keep(keep, body, ranges, before, after);
      }
      case Work.Sequence sequence -> sum(sequence.parts(), ranges, before, after);
      case Work.Branches branches ->
          branches.parts().stream()
              .mapToLong(part -> cycles(part, ranges, before, after))
              .max()
              .orElse(0);
      case Work.Stage stage -> cycles(stage.body(), ranges, before, after);
      case Work.Phase phase -> phase(phase, ranges);
    };
  }

  private long sum(List<Work> parts, Ranges ranges, Ranges before, Ranges after) {
    long sum = 0;
    for (Work part : parts) {
      sum = Math.addExact(sum, cycles(part, ranges, before, after));
    }
    return sum;
  }

  private long nest(Work.Nest nest, Ranges ranges) {
    Rational cycles = nest.cyclesPerStep().times(nest.steps().value(ranges, nest.depth()));
    long fill = 0;
    for (Work.Fill visible : nest.fills()) {
      fill = Math.addExact(fill, fill(visible, ranges));
    }
    return Math.addExact(cycles.ceiling(), fill);
  }

  /** The first operand, or the last sum, passes all instances but one. */
  private long fill(Work.Fill fill, Ranges ranges) {
    Ranges here = ranges;
    for (PlannedLoop loop : fill.loops().subList(0, fill.loops().size() - 1)) {
      here = plan.firstTile(loop, here);
    }
    PlannedLoop loop = fill.loops().getLast();
    Axis axis = loop.axis().orElseThrow();
    long used = Math.min(Math.ceilDiv(here.of(loop), loop.tile()), axis.instances());
    return Math.multiplyExact(used - 1, axis.hopCycles());
  }

  private long loop(Work.Loop loop, Ranges ranges, Ranges before, Ranges after) {
    long sum = 0;
    for (Step step : steps(loop.loop(), loop.body(), ranges, before, after)) {
      long one = cycles(loop.body(), step.ranges(), step.before(), step.after());
      sum = Math.addExact(sum, Math.multiplyExact(step.count(), one));
    }
    return sum;
  }

  /** Iterations of a temporal loop in order, equal neighbours together. */
  List<Step> steps(PlannedLoop loop, Work body, Ranges ranges, Ranges before, Ranges after) {
    List<Plan.Run> runs = plan.runs(loop, ranges);
    if (!plan.seesNeighbours(body)) {
      return runs.stream()
          .map(run -> new Step(run.ranges(), Ranges.NONE, Ranges.NONE, run.count()))
          .toList();
    }
    Ranges previous = before.isNone() ? before : plan.lastTile(loop, before);
    Ranges end = after.isNone() ? after : plan.firstTile(loop, after);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Ranges current = runs.get(i).ranges();
      long count = runs.get(i).count();
      Ranges next = i + 1 < runs.size() ? runs.get(i + 1).ranges() : end;
      if (count == 1) {
        steps.add(new Step(current, previous, next, 1));
      } else {
        steps.add(new Step(current, previous, current, 1));
        if (count > 2) {
          steps.add(new Step(current, current, current, count - 2));
        }
        steps.add(new Step(current, current, next, 1));
      }
      previous = current;
    }
    return steps;
  }

  private long waves(Work.Waves waves, Ranges ranges, Ranges before, Ranges after) {
    PlannedLoop loop = waves.loop();
    List<Plan.Wave> all = plan.waves(loop, ranges);
    Ranges previous = before.isNone() ? before : plan.waves(loop, before).getLast().longest();
    Ranges end = after.isNone() ? after : plan.waves(loop, after).getFirst().longest();
    long sum = 0;
    for (int i = 0; i < all.size(); i++) {
      Plan.Wave wave = all.get(i);
      Ranges next = i + 1 < all.size() ? all.get(i + 1).longest() : end;
      long count = wave.count();
      if (count == 1) {
        sum = Math.addExact(sum, wave(waves.body(), wave, previous, next));
      } else {
        Ranges same = wave.longest();
        long inner = Math.multiplyExact(count - 2, wave(waves.body(), wave, same, same));
        sum = Math.addExact(sum, inner);
        sum = Math.addExact(sum, wave(waves.body(), wave, previous, same));
        sum = Math.addExact(sum, wave(waves.body(), wave, same, next));
      }
      previous = wave.longest();
    }
    return sum;
  }

  private long wave(Work body, Plan.Wave wave, Ranges before, Ranges after) {
    return wave.alternatives().stream()
        .mapToLong(tile -> cycles(body, tile, before, after))
        .max()
        .orElseThrow();
  }

  /**
   * A keep around a body whose time is known.
   *
   * @param body cycles of the body
   */
  long keep(Work.Residence keep, long body, Ranges ranges, Ranges before, Ranges after) {
    List<KeepSite> sites = keep.sites();
    if (!keep.doubled()) {
      long exposed =
          Math.addExact(transfers.loadCycles(sites, ranges), transfers.storeCycles(sites, ranges));
      return Math.addExact(body, exposed);
    }
    long step = body;
    if (keep.exposure() == Work.Exposure.STEPS) {
      long load = after.isNone() ? 0 : transfers.loadCycles(sites, after);
      long store = before.isNone() ? 0 : transfers.storeCycles(sites, before);
      step = Math.max(body, Math.addExact(load, store));
    }
    boolean exposesLoad = before.isNone() && keep.exposure() != Work.Exposure.LAST_STORE;
    long firstLoad = exposesLoad ? transfers.loadCycles(sites, ranges) : 0;
    long lastStore = after.isNone() ? transfers.storeCycles(sites, ranges) : 0;
    return Math.addExact(step, Math.addExact(firstLoad, lastStore));
  }

  private long phase(Work.Phase phase, Ranges ranges) {
    long structure = cycles(phase.body(), ranges, Ranges.NONE, Ranges.NONE);
    Bound bound = new Bound(phase.path(), structure, phaseWords.cycles(phase, ranges));
    bounds.merge(
        phase.id(), bound, (known, other) -> other.cycles() > known.cycles() ? other : known);
    return bound.cycles();
  }
}
