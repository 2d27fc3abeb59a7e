package dev.weir.mapper.model;

import java.util.List;

/** What evaluation asks of the nodes of a plan again and again. */
final class Nodes {

  private final boolean[] seesNeighbours;
  private final int[] firstStage;
  private final int[] lastStage;
  private final long[] levels;
  private long firstMarks;
  private long lastMarks;
  private long lastRuns;

  Nodes(Plan plan, List<List<Term>> terms) {
    int count = plan.tree().nodes();
    this.seesNeighbours = new boolean[count];
    this.firstStage = new int[count];
    this.lastStage = new int[count];
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
    firstStage[id] = Integer.MAX_VALUE;
    lastStage[id] = -1;
    for (Work child : work.children()) {
      learn(child, plan);
      levels[id] |= levels[child.id()];
      if (!(work instanceof Work.Pipeline)) {
        firstStage[id] = Math.min(firstStage[id], firstStage[child.id()]);
        lastStage[id] = Math.max(lastStage[id], lastStage[child.id()]);
      }
    }
    switch (work) {
      case Work.Residence keep -> {
        for (KeepPlan site : plan.tensorsOf(keep)) {
          levels[id] |= 1L << site.level();
        }
      }
      case Work.OnlyLast last -> lastRuns |= last.loop().bit();
      case Work.Stage stage -> {
        firstStage[id] = stage.offset();
        lastStage[id] = stage.offset();
      }
      case Work.Phase _,
          Work.Nest _,
          Work.Loop _,
          Work.Waves _,
          Work.Sequence _,
          Work.Branches _,
          Work.Pipeline _ -> {}
    }
  }

  /** Whether the time of a node depends on what is before and after it. */
  boolean seesNeighbours(int id) {
    return seesNeighbours[id];
  }

  /** Smallest stage in it. */
  int firstStage(Work work) {
    return firstStage[work.id()];
  }

  /** Largest stage in it. */
  int lastStage(Work work) {
    return lastStage[work.id()];
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
