package dev.weir.mapper.model;

import java.util.List;

/** What evaluation asks of the nodes of a plan again and again. */
final class Nodes {

  private final boolean[] seesNeighbours;
  private final int[] arrival;
  private final int[] departure;
  private final long[] levels;
  private long firstMarks;
  private long lastMarks;
  private long lastRuns;

  Nodes(Plan plan, List<List<Term>> terms) {
    int count = plan.tree().nodes();
    this.seesNeighbours = new boolean[count];
    this.arrival = new int[count];
    this.departure = new int[count];
    this.levels = new long[count];
    for (Term term : terms.stream().flatMap(List::stream).toList()) {
      int depth = term.path().depth();
      firstMarks |= term.path().firstMarks(depth);
      lastMarks |= term.path().lastMarks(depth);
    }
    learn(plan.root(), plan);
    learnNeighbours(plan.timedRoot());
  }

  private void learnNeighbours(Work work) {
    boolean sees = work instanceof Work.Residence keep && keep.doubled();
    for (Work child : work.children()) {
      learnNeighbours(child);
      sees |= seesNeighbours[child.id()];
    }
    seesNeighbours[work.id()] = sees && !(work instanceof Work.Phase);
  }

  private void learn(Work work, Plan plan) {
    int id = work.id();
    for (Work child : work.children()) {
      learn(child, plan);
      levels[id] |= levels[child.id()];
    }
    switch (work) {
      case Work.Residence keep -> {
        for (KeepPlan site : plan.tensorsOf(keep)) {
          levels[id] |= 1L << site.level();
        }
        arrival[id] = keep.sites().stream().flatMapToInt(KeepSite::stages).min().orElse(0);
        departure[id] = keep.sites().stream().flatMapToInt(KeepSite::stages).max().orElse(0);
      }
      case Work.OnlyLast last -> lastRuns |= last.loop().bit();
      case Work.Phase _,
          Work.Nest _,
          Work.Loop _,
          Work.Waves _,
          Work.Sequence _,
          Work.Branches _,
          Work.Stage _,
          Work.Pipeline _ -> {}
    }
  }

  /** Whether the time of a node depends on what is before and after it. */
  boolean seesNeighbours(int id) {
    return seesNeighbours[id];
  }

  /** The first stage that uses a keep in the head of a pipeline, for which its tile arrives. */
  int arrival(Work.Residence keep) {
    return arrival[keep.id()];
  }

  /** The last stage that uses a keep in the head of a pipeline, after which its tile leaves. */
  int departure(Work.Residence keep) {
    return departure[keep.id()];
  }

  /** Whether a keep in it is at a level. */
  boolean keepsAt(Work work, int level) {
    return (levels[work.id()] >> level & 1) != 0;
  }

  /** Whether the first iteration of a loop counts apart. */
  boolean marksFirst(PlannedLoop loop) {
    return (firstMarks & loop.bit()) != 0;
  }

  /** Whether the last iteration of a loop counts apart. */
  boolean marksLast(PlannedLoop loop) {
    return (lastMarks & loop.bit()) != 0;
  }

  /** Whether something runs only in the last iteration of a loop. */
  boolean hasLast(PlannedLoop loop) {
    return (lastRuns & loop.bit()) != 0;
  }
}
