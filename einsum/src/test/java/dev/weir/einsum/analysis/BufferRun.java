package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * One schedule of a cascade, point by point, through a buffer that gives up what is needed last
 * (Belady). Counts the words that move beyond the first read of inputs and the last write of
 * outputs. Every coordinate of an outer rank is done for itself; in it, pass after pass over
 * another, and in a pass step after step, so that Einsums of one pass are fused; or Einsum after
 * Einsum. What then remains free is drawn at random.
 */
final class BufferRun {

  private final Shapes shapes;
  private final Set<String> intermediates = new HashSet<>();

  /** Elements that each point touches, the one that it adds to first. */
  private final List<List<String>> touched = new ArrayList<>();

  private BufferRun(Cascade cascade, Shapes shapes) {
    this.shapes = shapes;
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INTERMEDIATE) {
        intermediates.add(tensor.name().text());
      }
    }
  }

  /** A point of an Einsum with what decides when it runs. */
  private record Step(long round, int time, long step, int place, int rest, List<String> touched) {

    static final Comparator<Step> IN_ORDER =
        Comparator.comparingLong(Step::round)
            .thenComparingInt(Step::time)
            .thenComparingLong(Step::step)
            .thenComparingInt(Step::place)
            .thenComparingInt(Step::rest);
  }

  /**
   * Words moved.
   *
   * @param outer the rank whose coordinates are done one by one
   * @param along the rank that is swept over; its outer part, if it is split
   * @param isFused whether Einsums of one pass run together
   */
  static long wordsMoved(
      Cascade cascade,
      Shapes shapes,
      RankName outer,
      RankName along,
      boolean isFused,
      Random random,
      int bufferWords) {
    BufferRun run = new BufferRun(cascade, shapes);
    List<Step> steps = new ArrayList<>();
    List<PassReport.OfEinsum> passes = PassAnalysis.of(cascade).of(along).einsums();
    for (int place = 0; place < cascade.einsums().size(); place++) {
      Einsum einsum = cascade.einsums().get(place);
      PassReport.OfEinsum pass = passes.get(place);
      int time = 2 * pass.pass() + (pass.when() == PassReport.When.AFTER ? 1 : 0);
      for (Map<RankName, Long> at : run.points(List.copyOf(einsum.iterationSpace()))) {
        List<String> elements = new ArrayList<>();
        elements.add(run.element(einsum.output(), at));
        einsum.reads().forEach(access -> elements.add(run.element(access, at)));
        steps.add(
            new Step(
                at.getOrDefault(outer, 0L),
                isFused ? time : place,
                at.getOrDefault(along, 0L),
                place,
                random.nextInt(),
                elements));
      }
    }
    steps.sort(Step.IN_ORDER);
    steps.forEach(step -> run.touched.add(step.touched()));
    return run.moved(bufferWords);
  }

  private List<Map<RankName, Long>> points(List<RankName> ranks) {
    List<Map<RankName, Long>> points = new ArrayList<>(List.of(Map.of()));
    for (RankName rank : ranks) {
      List<Map<RankName, Long>> longer = new ArrayList<>();
      for (Map<RankName, Long> point : points) {
        for (long coordinate = 0; coordinate < shapes.of(rank); coordinate++) {
          Map<RankName, Long> next = new HashMap<>(point);
          next.put(rank, coordinate);
          longer.add(next);
        }
      }
      points = longer;
    }
    return points;
  }

  private String element(Access access, Map<RankName, Long> at) {
    StringBuilder element = new StringBuilder(access.tensor().text());
    for (Index index : access.indices()) {
      element.append(' ').append(coordinate(index, at));
    }
    return element.toString();
  }

  private long coordinate(Index index, Map<RankName, Long> at) {
    return switch (index) {
      case Index.Coordinate c -> at.get(c.rank());
      case Index.Joined j -> at.get(j.outer()) * shapes.of(j.inner()) + at.get(j.inner());
      case Index.Fixed f -> f.coordinate();
      case Index.Next _,
          Index.Last _,
          Index.Affine _,
          Index.HeadMap _,
          Index.Computed _,
          Index.Gathered _ ->
          throw new IllegalArgumentException("not in these tests: " + index);
    };
  }

  private long moved(int bufferWords) {
    Map<String, List<Integer>> uses = new HashMap<>();
    for (int moment = 0; moment < touched.size(); moment++) {
      for (String element : touched.get(moment)) {
        uses.computeIfAbsent(element, _ -> new ArrayList<>()).add(moment);
      }
    }
    Set<String> here = new HashSet<>();
    Set<String> seen = new HashSet<>();
    Set<String> changed = new HashSet<>();
    long moved = 0;
    for (int moment = 0; moment < touched.size(); moment++) {
      List<String> now = touched.get(moment);
      for (String element : now) {
        if (!here.contains(element)) {
          moved += seen.add(element) ? 0 : 1;
          here.add(element);
        }
      }
      changed.add(now.getFirst());
      while (here.size() > bufferWords) {
        String last = neededLast(here, now, uses, moment);
        here.remove(last);
        boolean isNeeded = next(uses.get(last), moment) < Integer.MAX_VALUE;
        if (changed.remove(last) && isNeeded && intermediates.contains(last.split(" ", 2)[0])) {
          moved++;
        }
      }
    }
    return moved;
  }

  private static String neededLast(
      Set<String> here, List<String> now, Map<String, List<Integer>> uses, int moment) {
    return here.stream()
        .filter(element -> !now.contains(element))
        .max((a, b) -> Integer.compare(next(uses.get(a), moment), next(uses.get(b), moment)))
        .orElseThrow();
  }

  private static int next(List<Integer> uses, int moment) {
    int found = Collections.binarySearch(uses, moment + 1);
    int at = found >= 0 ? found : -found - 1;
    return at < uses.size() ? uses.get(at) : Integer.MAX_VALUE;
  }
}
