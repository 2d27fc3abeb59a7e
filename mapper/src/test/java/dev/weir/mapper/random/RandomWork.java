package dev.weir.mapper.random;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Ranges;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/**
 * A random cascade on a random machine with random shapes, for which schedules are made.
 *
 * @param cascade what is computed
 * @param facts about it
 * @param placed its Einsums
 * @param architecture on what
 * @param workload shapes
 * @param bound shapes that schedules bind
 */
record RandomWork(
    Cascade cascade,
    CascadeFacts facts,
    List<Placed> placed,
    Architecture architecture,
    Map<RankName, Long> workload,
    Map<RankName, Size> bound) {

  /** Points that every combination of loops may have; more show nothing new and cost time. */
  private static final long MOST_POINTS = 360;

  static RandomWork of(Random random) {
    return of(random, RandomCascade.of(random));
  }

  /** With a cascade that is given. */
  static RandomWork of(Random random, Cascade cascade) {
    Architecture architecture =
        random.nextInt(3) > 0
            ? ExampleArchitectures.fuseMax(2 + random.nextInt(4), 1 << 20)
            : ExampleArchitectures.openCl(2 + random.nextInt(3), 4, 1 << 20, 1 << 20);
    Map<RankName, Long> workload = new HashMap<>();
    for (RankName rank : new TreeSet<>(cascade.workloadRanks())) {
      workload.put(rank, 1L + random.nextInt(7));
    }
    Map<RankName, Long> points = new HashMap<>(workload);
    points.keySet().removeIf(rank -> isOnlyMapped(rank, cascade));
    while (points.values().stream().reduce(1L, Math::multiplyExact) > MOST_POINTS) {
      points.entrySet().stream()
          .max(
              Map.Entry.<RankName, Long>comparingByValue()
                  .thenComparing(Map.Entry.comparingByKey()))
          .ifPresent(largest -> points.merge(largest.getKey(), 1L, Math::subtractExact));
    }
    workload.putAll(points);
    Map<RankName, Size> bound = new HashMap<>();
    cascade.partitions().forEach(split -> bound.put(split.inner(), Size.of(1 + random.nextInt(4))));
    CascadeFacts facts = new CascadeFacts(cascade);
    return new RandomWork(cascade, facts, Placed.all(facts), architecture, workload, bound);
  }

  /** Whether no loop runs over it, as it is read through affine indices or a head map. */
  private static boolean isOnlyMapped(RankName rank, Cascade cascade) {
    return cascade.einsums().stream().noneMatch(e -> e.iterationSpace().contains(rank))
        && cascade.partitions().stream().noneMatch(split -> split.parent().equals(rank));
  }

  /** A schedule whose keeps are all at the first level on chip. */
  Problem candidate(Random random) {
    RandomSchedule schedules = new RandomSchedule(random, facts, placed, cascade, architecture);
    Problem shaped = problem(new Node.Seq(List.of()));
    return problem(schedules.root(Ranges.ranks(cascade), shaped.shapes()));
  }

  /** A schedule whose keeps are at levels where they may be; nothing if there is none for one. */
  Optional<Problem> problem(Random random) {
    return KeepLevels.choose(random, candidate(random), facts, placed).map(this::problem);
  }

  private Problem problem(Node root) {
    Schedule schedule = new Schedule("random", "", cascade.name(), Map.of(), bound, root);
    return Problem.of(cascade, schedule, architecture, workload);
  }
}
