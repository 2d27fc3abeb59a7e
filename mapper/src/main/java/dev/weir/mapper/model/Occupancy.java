package dev.weir.mapper.model;

import java.util.List;

/**
 * Rule 9: words that are allocated at a time in the fullest instance of each level. The first
 * iteration of a loop has the fullest tiles, so another one counts only where something runs in the
 * last one alone.
 */
final class Occupancy {

  private final Plan plan;
  private final Numbers numbers;
  private final Kinds kinds;
  private final Nodes nodes;
  private final Runs runs = new Runs();

  Occupancy(Plan plan, Numbers numbers, Kinds kinds) {
    this.plan = plan;
    this.numbers = numbers;
    this.kinds = kinds;
    this.nodes = plan.nodes();
  }

  /** Words of a level. */
  long peak(int level) {
    return of(plan.root(), Kinds.WHOLE, level);
  }

  private long of(Work work, int kind, int level) {
    if (!nodes.keepsAt(work, level)) {
      return 0;
    }
    return switch (work) {
      case Work.Nest _ -> 0;
      case Work.Loop loop -> loop(loop.loop(), loop.body(), kind, level);
      case Work.Pipeline pipeline -> loop(pipeline.loop(), pipeline.body(), kind, level);
      case Work.Waves waves -> {
        int first = runs.ofWaves(waves.loop(), kind, plan, numbers, kinds).kind[0];
        yield of(waves.body(), first, level);
      }
      case Work.OnlyLast last ->
          (kinds.last(kind) & last.loop().bit()) != 0 ? of(last.body(), kind, level) : 0;
      case Work.Residence keep -> {
        long words = of(keep.body(), kind, level);
        for (KeepPlan site : plan.tensorsOf(keep)) {
          if (site.level() == level) {
            words = Math.addExact(words, site.allocated(numbers, kinds, kind));
          }
        }
        yield words;
      }
      case Work.Sequence sequence -> {
        long most = 0;
        List<Work> parts = sequence.parts();
        for (int i = 0; i < parts.size(); i++) {
          most = Math.max(most, of(parts.get(i), kind, level));
        }
        yield most;
      }
      case Work.Branches branches -> {
        long sum = 0;
        List<Work> parts = branches.parts();
        for (int i = 0; i < parts.size(); i++) {
          sum = Math.addExact(sum, of(parts.get(i), kind, level));
        }
        yield sum;
      }
      case Work.Stage stage -> of(stage.body(), kind, level);
      case Work.Phase phase -> of(phase.body(), kind, level);
    };
  }

  private long loop(PlannedLoop loop, Work body, int kind, int level) {
    runs.ofLoop(loop, kind, plan, numbers, kinds);
    int first = runs.kind[0];
    int last = runs.lastKind();
    long words = of(body, first, level);
    return nodes.hasLast(loop) && last != first ? Math.max(words, of(body, last, level)) : words;
  }
}
