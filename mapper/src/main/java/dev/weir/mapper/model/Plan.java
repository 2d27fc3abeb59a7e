package dev.weir.mapper.model;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * A problem made ready for evaluation: the tree with sizes worked out, and what is counted where.
 */
final class Plan {

  private final Problem problem;
  private final RankTable ranks;
  private final Work root;
  private final List<Site> sites;
  private final List<List<Term>> terms = new ArrayList<>();
  private final boolean[] seesNeighbours;
  private final int[] firstStage;
  private final int[] lastStage;
  private final int loops;
  private long marks;

  Plan(Problem problem, RankTable ranks, Work root, List<Site> sites, int nodes, int loops) {
    this.problem = problem;
    this.ranks = ranks;
    this.root = root;
    this.sites = sites;
    this.loops = loops;
    this.seesNeighbours = new boolean[nodes];
    this.firstStage = new int[nodes];
    this.lastStage = new int[nodes];
    MemoryLevel top = problem.architecture().top();
    TermBuilder builder = new TermBuilder(problem.cascade(), top, ranks);
    for (Site site : sites) {
      List<Term> ofSite = builder.of(site);
      terms.add(ofSite);
      ofSite.forEach(term -> marks |= term.product().marks());
    }
    learn(root);
  }

  private void learn(Work work) {
    firstStage[work.id()] = Integer.MAX_VALUE;
    lastStage[work.id()] = -1;
    for (Work child : work.children()) {
      learn(child);
      seesNeighbours[work.id()] |= seesNeighbours[child.id()];
      if (!(work instanceof Work.Pipeline)) {
        firstStage[work.id()] = Math.min(firstStage[work.id()], firstStage[child.id()]);
        lastStage[work.id()] = Math.max(lastStage[work.id()], lastStage[child.id()]);
      }
    }
    switch (work) {
      case Work.Residence keep -> seesNeighbours[work.id()] |= keep.doubled();
      case Work.OnlyLast last -> marks |= last.loop().bit();
      case Work.Stage stage -> {
        firstStage[work.id()] = stage.offset();
        lastStage[work.id()] = stage.offset();
      }
      case Work.Phase _ -> seesNeighbours[work.id()] = false;
      case Work.Nest _,
          Work.Loop _,
          Work.Waves _,
          Work.Sequence _,
          Work.Branches _,
          Work.Pipeline _ -> {}
    }
  }

  Problem problem() {
    return problem;
  }

  Architecture architecture() {
    return problem.architecture();
  }

  RankTable ranks() {
    return ranks;
  }

  Work root() {
    return root;
  }

  List<Site> sites() {
    return sites;
  }

  /** Summands of a site. */
  List<Term> terms(int site) {
    return terms.get(site);
  }

  /** Every range whole. */
  Ranges whole() {
    return Ranges.whole(ranks.groups(), loops);
  }

  /** Whether the time of a node depends on what is before and after it. */
  boolean seesNeighbours(Work work) {
    return seesNeighbours[work.id()];
  }

  /** Smallest stage in it. */
  int firstStage(Work work) {
    return firstStage[work.id()];
  }

  /** Largest stage in it. */
  int lastStage(Work work) {
    return lastStage[work.id()];
  }

  /** The ranges in the tiles of a temporal loop, in order, equal neighbours together. */
  List<Run> runs(PlannedLoop loop, Ranges ranges) {
    long range = ranges.of(loop);
    long tiles = Math.ceilDiv(range, loop.tile());
    long lastSize = range - (tiles - 1) * loop.tile();
    long bit = loop.bit() & marks;
    RankGroup group = ranks.groups().get(loop.group());
    if (tiles == 1) {
      return List.of(
          new Run(ranges.in(loop, group, lastSize, true, new Ranges.Marks(bit, bit, 0)), 1));
    }
    List<Run> runs = new ArrayList<>(3);
    Ranges first = ranges.in(loop, group, loop.tile(), false, new Ranges.Marks(bit, 0, 0));
    append(runs, new Run(first, 1));
    if (tiles > 2) {
      Ranges middle = ranges.in(loop, group, loop.tile(), false, new Ranges.Marks(0, 0, 0));
      append(runs, new Run(middle, tiles - 2));
    }
    append(runs, new Run(ranges.in(loop, group, lastSize, true, new Ranges.Marks(0, bit, 0)), 1));
    return runs;
  }

  /** The ranges in the first iteration of a loop. */
  Ranges firstTile(PlannedLoop loop, Ranges ranges) {
    return loop.spatial()
        ? waves(loop, ranges).getFirst().longest()
        : runs(loop, ranges).getFirst().ranges();
  }

  /** The ranges in the last iteration of a temporal loop. */
  Ranges lastTile(PlannedLoop loop, Ranges ranges) {
    return runs(loop, ranges).getLast().ranges();
  }

  private static void append(List<Run> runs, Run next) {
    Run previous = runs.isEmpty() ? null : runs.getLast();
    if (previous != null && previous.ranges().equals(next.ranges())) {
      runs.set(runs.size() - 1, new Run(next.ranges(), previous.count() + next.count()));
    } else {
      runs.add(next);
    }
  }

  /**
   * The ranges in the waves of a spatial loop, in order. A wave is as long as its longest tile, so
   * each has the alternatives that the longest can be.
   */
  List<Wave> waves(PlannedLoop loop, Ranges ranges) {
    long instances = loop.axis().orElseThrow().instances();
    long range = ranges.of(loop);
    long tiles = Math.ceilDiv(range, loop.tile());
    long lastSize = range - (tiles - 1) * loop.tile();
    long waves = Math.ceilDiv(tiles, instances);
    long inLast = tiles - (waves - 1) * instances;
    RankGroup group = ranks.groups().get(loop.group());
    long bit = loop.bit() & marks;
    List<Wave> result = new ArrayList<>(3);
    if (waves > 1) {
      Ranges.Marks marked = new Ranges.Marks(bit, 0, instances);
      Ranges full = ranges.in(loop, group, loop.tile(), false, marked);
      result.add(new Wave(List.of(full), 1));
    }
    if (waves > 2) {
      Ranges.Marks marked = new Ranges.Marks(0, 0, instances);
      Ranges full = ranges.in(loop, group, loop.tile(), false, marked);
      result.add(new Wave(List.of(full), waves - 2));
    }
    long first = waves == 1 ? bit : 0;
    if (inLast == 1) {
      Ranges.Marks alone = new Ranges.Marks(first, 0, 1);
      result.add(new Wave(List.of(ranges.in(loop, group, lastSize, true, alone)), 1));
    } else {
      long alike = lastSize < loop.tile() ? inLast - 1 : inLast;
      Ranges.Marks marked = new Ranges.Marks(first, 0, alike);
      Ranges full = ranges.in(loop, group, loop.tile(), false, marked);
      Ranges.Marks alone = new Ranges.Marks(0, 0, 1);
      Ranges tail = ranges.in(loop, group, lastSize, true, alone);
      result.add(new Wave(List.of(full, tail), 1));
    }
    return result;
  }

  /** Consecutive iterations with equal ranges. */
  record Run(Ranges ranges, long count) {}

  /** Consecutive waves; each is as long as the longest of the alternatives. */
  record Wave(List<Ranges> alternatives, long count) {
    /** The tile that the wave waits for, unless times grow where ranges shrink. */
    Ranges longest() {
      return alternatives.getFirst();
    }
  }
}
