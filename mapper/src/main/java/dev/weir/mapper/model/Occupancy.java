package dev.weir.mapper.model;

import java.util.List;

/**
 * Rule 9: words that are allocated at a time in the fullest instance of each level. The first
 * iteration of a loop has the fullest tiles, so another one counts only where something runs in the
 * last one alone; but where the room of a tile depends on where it is, all iterations do.
 */
final class Occupancy {

  private final Plan plan;
  private final Numbers numbers;
  private final Kinds kinds;
  private final Nodes nodes;
  private final Runs runs = new Runs();

  /** By loop: whether rooms inside depend on where its iterations are. */
  private final boolean[] isPlaced;

  /** Where the current iterations of these loops begin, two a group. */
  private final long[] from;

  Occupancy(Plan plan, Numbers numbers, Kinds kinds) {
    this.plan = plan;
    this.numbers = numbers;
    this.kinds = kinds;
    this.nodes = plan.nodes();
    this.isPlaced = new boolean[plan.loops().size()];
    for (PlannedLoop loop : plan.loops()) {
      isPlaced[loop.number()] = plan.ranks().isPlaced(loop.rank());
    }
    this.from = new long[2 * plan.ranks().groups().size()];
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
      case Work.Waves waves when isPlaced[waves.loop().number()] ->
          everywhere(waves.loop(), waves.body(), kind, level);
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
            words = Math.addExact(words, site.allocated(numbers, kinds, kind, from));
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

  /** A later iteration can touch one head more, or indices that lie further apart. */
  private long everywhere(PlannedLoop loop, Work body, int kind, int level) {
    int at = 2 * loop.group() + (loop.inner() ? 1 : 0);
    long start = from[at];
    long tile = numbers.tiles[loop.number()];
    long tiles = Math.ceilDiv(kinds.range(kind, loop), tile);
    int first = nodes.marksFirst(loop) ? Kinds.FIRST : 0;
    long most = 0;
    for (long number = 0; number < tiles; number++) {
      from[at] = start + number * tile;
      int code = (number == 0 ? first : 0) | (number == tiles - 1 ? Kinds.LAST : 0);
      most = Math.max(most, of(body, kinds.child(kind, loop, code), level));
    }
    from[at] = start;
    return most;
  }

  private long loop(PlannedLoop loop, Work body, int kind, int level) {
    if (isPlaced[loop.number()]) {
      return everywhere(loop, body, kind, level);
    }
    runs.ofLoop(loop, kind, plan, numbers, kinds);
    int first = runs.kind[0];
    int last = runs.lastKind();
    long words = of(body, first, level);
    return nodes.hasLast(loop) && last != first ? Math.max(words, of(body, last, level)) : words;
  }
}
