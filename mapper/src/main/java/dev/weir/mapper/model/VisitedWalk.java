package dev.weir.mapper.model;

import dev.weir.mapper.schedule.Projection;
import dev.weir.mapper.schedule.Ranges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A {@link VisitedSum} by visiting every iteration, in order. */
final class VisitedWalk {

  private static final int SELECTED = PathSum.EARLIEST | PathSum.LATEST;

  private final VisitedSum.Key key;
  private final Numbers numbers;
  private final boolean takesLast;

  /** Of entries that are the same but for merged or selected loops, which one counts. */
  private final Map<List<Long>, List<Long>> chosen = new HashMap<>();

  private final Map<List<Long>, Long> words = new HashMap<>();

  /** Iterations with a present point, by the loops whose iterations are told apart. */
  private final Set<List<Long>> present = new HashSet<>();

  VisitedWalk(VisitedSum.Key key, Numbers numbers) {
    this.key = key;
    this.numbers = numbers;
    boolean last = false;
    for (int i = 0; i < key.loops().size(); i++) {
      last |= key.has(i, PathSum.LATEST);
    }
    this.takesLast = last;
  }

  long value(Box whole) {
    walk(0, whole, Optional.empty(), List.of());
    return key.present().isPresent()
        ? present.size()
        : words.values().stream().reduce(0L, Math::addExact);
  }

  private void walk(int next, Box box, Optional<Box> before, List<Long> digits) {
    if (next == key.entered() && !enter(box, before, digits)) {
      return;
    }
    if (next == key.loops().size()) {
      if (key.present().filter(box::holdsSomewhere).isPresent()) {
        present.add(without(PathSum.ANY_TILE, digits));
      }
      return;
    }
    PlannedLoop loop = key.loops().get(next);
    long tiles = box.tiles(loop, numbers);
    long start = key.has(next, PathSum.LAST_TILE) ? tiles - 1 : 0;
    long end = key.has(next, PathSum.FIRST_TILE) ? 1 : tiles;
    boolean slides = key.sliding().isPresent() && next == key.loops().size() - 1;
    Optional<Box> previous = Optional.empty();
    for (long digit = start; digit < end; digit++) {
      Box inside = box.tiles(loop, numbers, digit, digit + 1);
      boolean isVisited =
          next >= key.depth()
              || (next + 1 < key.depth()
                  ? inside.verdict(key.visited()) != Interval.Verdict.NEVER
                  : inside.holdsSomewhere(key.visited()));
      if (isVisited) {
        List<Long> more = new ArrayList<>(digits);
        more.add(digit);
        walk(next + 1, inside, previous, more);
        previous = Optional.of(inside).filter(_ -> slides);
      }
    }
  }

  /** Whether this entry counts. */
  private boolean enter(Box box, Optional<Box> before, List<Long> digits) {
    List<Long> group = without(SELECTED | PathSum.ANY_TILE, digits);
    if (takesLast || !chosen.containsKey(group)) {
      chosen.put(group, digits);
      words.put(group, key.present().isPresent() ? 0 : words(box, before));
    }
    return chosen.get(group).equals(digits);
  }

  private List<Long> without(int mode, List<Long> digits) {
    List<Long> others = new ArrayList<>();
    for (int i = 0; i < digits.size(); i++) {
      if (!key.has(i, mode)) {
        others.add(digits.get(i));
      }
    }
    return others;
  }

  private long words(Box box, Optional<Box> before) {
    long product = 1;
    for (Projection.Part part : key.mapped()) {
      Ranges.Range span = box.span(part);
      boolean slides = before.isPresent() && key.sliding().filter(part::equals).isPresent();
      long kept = slides ? MappedSum.common(span, before.get().span(part)) : 0;
      product = Math.multiplyExact(product, span.extent() - kept);
    }
    for (int i = 0; i < key.groups().size(); i++) {
      int group = key.groups().get(i);
      Share share = key.shares().get(i);
      long ofGroup =
          share.of(
              numbers, group, box.extent(group, false), box.atEnd(group), box.extent(group, true));
      product = Math.multiplyExact(product, ofGroup);
    }
    return product;
  }
}
