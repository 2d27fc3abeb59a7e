package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.NodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What is around a node.
 *
 * @param path where the node stands
 * @param loops loops around it, outermost first
 * @param onlyLast positions of those of which only the last iteration reaches it
 * @param homes innermost keep of each tensor
 * @param zone where it stands to the innermost pipeline
 * @param rare whether, in its phase, some iterations of the loops around it do not reach it
 * @param stages its stages in the pipelines around it, outermost first
 * @param visits which iterations of the loops are visited; empty where all are
 */
record PlanScope(
    NodePath path,
    List<PlannedLoop> loops,
    Set<Integer> onlyLast,
    Map<TensorName, KeepSite> homes,
    Zone zone,
    boolean rare,
    List<Integer> stages,
    Optional<Visits> visits) {

  /** Where a node stands to the innermost pipeline. */
  enum Zone {
    /** Around it, or without any. */
    OUTSIDE,
    /** Between the loops that flow into it. */
    FLOW,
    /** In it. */
    PIPELINE
  }

  static PlanScope root() {
    return new PlanScope(
        NodePath.ROOT,
        List.of(),
        Set.of(),
        Map.of(),
        Zone.OUTSIDE,
        false,
        List.of(),
        Optional.empty());
  }

  int depth() {
    return loops.size();
  }

  PlanScope newPhase() {
    return new PlanScope(path, loops, onlyLast, homes, zone, false, stages, visits);
  }

  PlanScope child(int number) {
    return new PlanScope(path.child(number), loops, onlyLast, homes, zone, rare, stages, visits);
  }

  PlanScope in(PlannedLoop loop) {
    List<PlannedLoop> more = new ArrayList<>(loops);
    more.add(loop);
    return new PlanScope(path, more, onlyLast, homes, zone, rare, stages, visits);
  }

  /**
   * In a loop that skips iterations.
   *
   * @param condition what a point in the ranges of an iteration fulfils that is visited
   */
  PlanScope skipping(PlannedLoop loop, Condition condition) {
    List<PlannedLoop> more = in(loop).loops();
    Optional<Visits> decided = Optional.of(new Visits(more.size(), condition));
    return new PlanScope(path, more, onlyLast, homes, zone, rare, stages, decided);
  }

  PlanScope inFlow(PlannedLoop loop) {
    return new PlanScope(path, in(loop).loops(), onlyLast, homes, Zone.FLOW, rare, stages, visits);
  }

  PlanScope inPipeline(PlannedLoop loop) {
    return new PlanScope(
        path, in(loop).loops(), onlyLast, homes, Zone.PIPELINE, rare, stages, visits);
  }

  /** Below a node that only runs in the last iteration of the innermost loop over a rank. */
  PlanScope last(RankName rank) {
    Set<Integer> more = new HashSet<>(onlyLast);
    more.add(innermost(rank));
    return new PlanScope(path, loops, more, homes, zone, true, stages, visits);
  }

  PlanScope stage(int offset) {
    List<Integer> more = new ArrayList<>(stages);
    more.add(offset);
    return new PlanScope(path, loops, onlyLast, homes, zone, rare, more, visits);
  }

  /** Its stage in the pipeline whose stages stand below a keep; 0 where it is in none of them. */
  int stageBelow(PlanScope keep) {
    int around = keep.stages().size();
    return stages.size() > around ? stages.get(around) : 0;
  }

  PlanScope in(KeepSite keep) {
    Map<TensorName, KeepSite> more = new HashMap<>(homes);
    more.put(keep.tensor().name(), keep);
    return new PlanScope(path, loops, onlyLast, more, zone, rare, stages, visits);
  }

  /** Position of the innermost loop over a rank. */
  int innermost(RankName rank) {
    for (int position = loops.size() - 1; position >= 0; position--) {
      if (loops.get(position).rank().equals(rank)) {
        return position;
      }
    }
    throw new IllegalArgumentException("no loop over " + rank + " around " + path);
  }

  /** Positions of the loops over some ranks, from one depth to another. */
  List<Integer> loopsOver(Set<RankName> ranks, int from, int to) {
    List<Integer> positions = new ArrayList<>();
    for (int position = from; position < to; position++) {
      if (ranks.contains(loops.get(position).rank())) {
        positions.add(position);
      }
    }
    return positions;
  }

  /** Positions of the spatial loops that fulfil a condition, from one depth to another. */
  Set<Integer> spatialLoops(int from, int to, Predicate<PlannedLoop> condition) {
    Set<Integer> positions = new TreeSet<>();
    for (int position = from; position < to; position++) {
      if (loops.get(position).spatial() && condition.test(loops.get(position))) {
        positions.add(position);
      }
    }
    return positions;
  }
}
