package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.mapper.model.Interval.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The loops of a plan that skip, and what decides which of their iterations are visited. */
final class Skips {

  private final RankTable ranks;
  private final List<Condition> conditions;
  private final List<Set<Integer>> groupsOf = new ArrayList<>();
  private final Set<Integer> groups = new TreeSet<>();
  private final boolean isShiftInvariant;

  /** By node of the tree, those in it. */
  private final long[] inside;

  Skips(Plan plan) {
    this.ranks = plan.ranks();
    this.conditions = plan.tree().skips();
    for (Condition condition : conditions) {
      Set<Integer> decisive = new HashSet<>();
      condition.ranks().forEach(rank -> decisive.add(ranks.place(rank).group()));
      groupsOf.add(decisive);
      groups.addAll(decisive);
    }
    this.isShiftInvariant = conditions.stream().allMatch(new Shifts(ranks)::changesNothing);
    this.inside = new long[plan.tree().nodes()];
    learn(plan.timedRoot());
  }

  private long learn(Work work) {
    long bits = 0;
    for (Work child : work.children()) {
      bits |= learn(child);
    }
    switch (work) {
      case Work.Loop loop -> bits |= bit(loop.loop());
      case Work.Nest nest -> bits |= bits(nest.loops());
      case Work.Waves _,
          Work.OnlyLast _,
          Work.Residence _,
          Work.Sequence _,
          Work.Branches _,
          Work.Pipeline _,
          Work.Stage _,
          Work.Phase _ -> {}
    }
    inside[work.id()] = bits;
    return bits;
  }

  static long bits(List<PlannedLoop> loops) {
    long bits = 0;
    for (PlannedLoop loop : loops) {
      bits |= bit(loop);
    }
    return bits;
  }

  /** Of a loop; 0 where it does not skip. */
  static long bit(PlannedLoop loop) {
    return loop.skips() ? 1L << loop.skip() : 0;
  }

  /** Loops that skip in a node. */
  long in(Work work) {
    return inside[work.id()];
  }

  /** Groups of the ranks that decide what is visited. */
  Set<Integer> groups() {
    return groups;
  }

  /** Whether the same is visited in boxes that differ by a common shift. */
  boolean isShiftInvariant() {
    return isShiftInvariant;
  }

  /** Whether a box has a point that some iteration is visited for. */
  boolean isVisited(PlannedLoop loop, Box box) {
    Condition condition = conditions.get(loop.skip());
    return box.only(groupsOf.get(loop.skip())).holdsSomewhere(condition);
  }

  /** Of some loops, those that visit nothing in a box; -1 where some visit a part of it. */
  long empty(long loops, Box box) {
    long empty = 0;
    for (long left = loops; left != 0; left &= left - 1) {
      Verdict verdict = box.verdict(conditions.get(Long.numberOfTrailingZeros(left)));
      if (verdict == Verdict.SOMETIMES) {
        return -1;
      }
      empty |= verdict == Verdict.NEVER ? Long.lowestOneBit(left) : 0;
    }
    return empty;
  }
}
