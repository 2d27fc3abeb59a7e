package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which iterations of loops that skip are visited, point by point. */
final class WalkedVisits {

  private final Walk walk;

  WalkedVisits(Walk walk) {
    this.walk = walk;
  }

  static boolean skips(Node node) {
    return node instanceof Node.For loop && loop.skip();
  }

  /** Whether a loop in it skips. */
  static boolean skipsInside(Node node) {
    return skips(node) || node.children().stream().anyMatch(WalkedVisits::skipsInside);
  }

  /** Whether a loop around a place skips. */
  static boolean isBelowSkip(Walk.Place place) {
    return place.frames().stream()
        .anyMatch(frame -> frame instanceof Walk.Frame.Step step && skips(step.loop()));
  }

  /**
   * Whether an iteration of a loop is visited.
   *
   * @param ranges in this iteration
   */
  boolean isVisited(Node loop, Map<RankName, long[]> ranges) {
    return !skips(loop) || hasPoint(loop, ranges);
  }

  private boolean hasPoint(Node node, Map<RankName, long[]> ranges) {
    if (node instanceof Node.Compute compute) {
      Condition condition = walk.einsum(compute.einsum()).condition().orElseThrow();
      List<RankName> ranks = new ArrayList<>(condition.ranks().distinct().toList());
      for (var split : walk.problem().cascade().partitions()) {
        if (ranks.remove(split.outer())) {
          ranks.addFirst(split.outer());
        }
      }
      return holdsSomewhere(condition, ranks, ranges);
    }
    return node.children().stream().anyMatch(child -> hasPoint(child, ranges));
  }

  private boolean holdsSomewhere(
      Condition condition, List<RankName> open, Map<RankName, long[]> ranges) {
    if (open.isEmpty()) {
      return new WalkedConditions(walk.problem().shapes(), ranges).holds(condition);
    }
    RankName rank = open.getFirst();
    long[] range = ranges.get(rank);
    for (long at = range[0]; at < range[1]; at++) {
      Map<RankName, long[]> narrowed =
          range[1] - range[0] == 1 ? ranges : walk.narrow(ranges, rank, new long[] {at, at + 1});
      if (holdsSomewhere(condition, open.subList(1, open.size()), narrowed)) {
        return true;
      }
    }
    return false;
  }

  /**
   * How many instances take part in what happens at a place: of the tiles of equal size in the same
   * waves of some spatial loops those in which the same steps inside are visited.
   *
   * @param served the steps of these loops around the place
   */
  long together(Walk.Place place, List<Walk.Frame.Step> served) {
    List<Walk.Frame.Step> steps = new ArrayList<>();
    for (Walk.Frame frame : place.frames()) {
      if (frame instanceof Walk.Frame.Step step) {
        steps.add(step);
      }
    }
    Map<RankName, Long> sizes = new HashMap<>();
    place.ranges().forEach((rank, range) -> sizes.put(rank, range[1] - range[0]));
    return together(steps, served, walk.start().ranges(), sizes);
  }

  private long together(
      List<Walk.Frame.Step> steps,
      List<Walk.Frame.Step> served,
      Map<RankName, long[]> ranges,
      Map<RankName, Long> sizes) {
    if (steps.isEmpty()) {
      boolean isAlike =
          sizes.entrySet().stream()
              .allMatch(
                  size ->
                      ranges.get(size.getKey())[1] - ranges.get(size.getKey())[0]
                          == size.getValue());
      return isAlike ? 1 : 0;
    }
    Walk.Frame.Step step = steps.getFirst();
    long from = step.number();
    long to = from + 1;
    if (served.contains(step)) {
      long instances = walk.axis((Node.Spatial) step.loop()).instances();
      from = from / instances * instances;
      to = from + instances;
    }
    long count = 0;
    for (long number = from; number < to; number++) {
      Optional<Map<RankName, long[]>> inside =
          walk.stepped(ranges, step, number).filter(r -> isVisited(step.loop(), r));
      if (inside.isPresent()) {
        count += together(steps.subList(1, steps.size()), served, inside.get(), sizes);
      }
    }
    return count;
  }
}
