package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.model.Interval.Verdict;
import dev.weir.mapper.schedule.Projection;
import dev.weir.mapper.schedule.Ranges;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Ranges by position, two a group: of its outer and of its inner part. */
final class Box {

  private final RankTable ranks;
  private final Numbers numbers;
  private final long[] from;
  private final long[] to;

  private Box(RankTable ranks, Numbers numbers, long[] from, long[] to) {
    this.ranks = ranks;
    this.numbers = numbers;
    this.from = from;
    this.to = to;
  }

  /** Every range whole. */
  static Box whole(RankTable ranks, Numbers numbers) {
    int groups = ranks.groups().size();
    long[] to = new long[2 * groups];
    for (int group = 0; group < groups; group++) {
      to[2 * group] = numbers.steps[group];
      to[2 * group + 1] = numbers.innerRange(group, numbers.steps[group], true);
    }
    return new Box(ranks, numbers, new long[2 * groups], to);
  }

  /** Every range of some groups whole; of the others a single coordinate. */
  static Box over(Collection<Integer> groups, RankTable ranks, Numbers numbers) {
    return whole(ranks, numbers).only(groups);
  }

  /** The same with a single coordinate of all ranks but those of some groups. */
  Box only(Collection<Integer> groups) {
    Box box = this;
    for (int group = 0; group < ranks.groups().size(); group++) {
      if (!groups.contains(group)) {
        box = box.with(group, false, 0, 1).with(group, true, 0, 1);
      }
    }
    return box;
  }

  /** How many tiles of a loop there are. */
  long tiles(PlannedLoop loop, Numbers sizes) {
    return Math.ceilDiv(extent(loop.group(), loop.inner()), sizes.tiles[loop.number()]);
  }

  /** Tiles of a loop from one to another. */
  Box tiles(PlannedLoop loop, Numbers sizes, long start, long end) {
    long tile = sizes.tiles[loop.number()];
    long extent = extent(loop.group(), loop.inner());
    return with(loop.group(), loop.inner(), start * tile, Math.min(extent, end * tile));
  }

  /**
   * What tells boxes apart that differ in more than a common shift.
   *
   * @param first anything else that tells them apart
   */
  List<Long> shape(long first, Collection<Integer> groups) {
    List<Long> shape = new ArrayList<>();
    shape.add(first);
    long origin = Long.MIN_VALUE;
    for (int group : groups) {
      long position = position(group);
      origin = origin == Long.MIN_VALUE ? position : origin;
      shape.add(position - origin);
      shape.add(extent(group, false));
      shape.add(extent(group, true));
      shape.add(atEnd(group) ? 1L : 0L);
    }
    return shape;
  }

  long extent(int group, boolean inner) {
    int at = 2 * group + (inner ? 1 : 0);
    return to[at] - from[at];
  }

  /** Whether the range of the outer part contains the last step. */
  boolean atEnd(int group) {
    return to[2 * group] == numbers.steps[group];
  }

  /** First coordinate of the rank that the parts of a group make up. */
  long position(int group) {
    return from[2 * group] * numbers.innerShape[group] + from[2 * group + 1];
  }

  /** The same with some coordinates, counted from the first one here, of one part of a group. */
  Box with(int group, boolean inner, long start, long end) {
    long[] newFrom = from.clone();
    long[] newTo = to.clone();
    int at = 2 * group + (inner ? 1 : 0);
    newFrom[at] = from[at] + start;
    newTo[at] = from[at] + end;
    Box box = new Box(ranks, numbers, newFrom, newTo);
    if (!inner && end - start == 1 && extent(group, false) > 1) {
      newTo[at + 1] = numbers.innerRange(group, 1, box.atEnd(group));
    }
    return box;
  }

  /**
   * Half of the longest range; the upper half, or the lower. An inner part is divided only where
   * its outer part is a single coordinate.
   */
  Box half(boolean upper) {
    int longest = 0;
    for (int at = 1; at < from.length; at++) {
      boolean isSettled = at % 2 == 0 || to[at - 1] - from[at - 1] == 1;
      if (isSettled && to[at] - from[at] > to[longest] - from[longest]) {
        longest = at;
      }
    }
    long extent = to[longest] - from[longest];
    long middle = extent / 2;
    return with(longest / 2, longest % 2 == 1, upper ? middle : 0, upper ? extent : middle);
  }

  /** The same with a single coordinate of a group, the first or the last one here. */
  Box end(int group, boolean last) {
    long outer = extent(group, false);
    if (outer == 1 && extent(group, true) == 1) {
      return this;
    }
    Box one = with(group, false, last ? outer - 1 : 0, last ? outer : 1);
    long inner = one.extent(group, true);
    return one.with(group, true, last ? inner - 1 : 0, last ? inner : 1);
  }

  /** What a tensor has of all coordinates that a window or a head map reaches. */
  Ranges.Range span(Projection.Part part) {
    return switch (part) {
      case Projection.Part.HeadMap map -> {
        Interval heads = number(new Index.HeadMap(map.rank(), map.target()));
        yield new Ranges.Range((long) heads.low(), (long) heads.high() + 1);
      }
      case Projection.Part.Window window -> {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (Index.Affine index : window.indices()) {
          Interval reached = number(index);
          least = Math.min(least, (long) reached.low());
          greatest = Math.max(greatest, (long) reached.high());
        }
        long start = Math.max(least, 0);
        long end = Math.min(greatest + 1, numbers.shape(window.own()));
        yield new Ranges.Range(start, Math.max(start, end));
      }
      case Projection.Part.Plain _,
          Projection.Part.Joined _,
          Projection.Part.Generation _,
          Projection.Part.Whole _ ->
          throw new IllegalStateException("not mapped: " + part);
    };
  }

  boolean isPoint() {
    for (int at = 0; at < from.length; at++) {
      if (to[at] - from[at] != 1) {
        return false;
      }
    }
    return true;
  }

  /** Whether a condition over coordinates and shapes holds in some point. */
  boolean holdsSomewhere(Condition condition) {
    return switch (verdict(condition)) {
      case ALWAYS -> true;
      case NEVER -> false;
      case SOMETIMES ->
          half(true).holdsSomewhere(condition) || half(false).holdsSomewhere(condition);
    };
  }

  /** Whether a condition over coordinates and shapes holds in all points, none, or maybe some. */
  Verdict verdict(Condition condition) {
    return switch (condition) {
      case Condition.Compare c ->
          isPoint()
              ? c.comparison().holds(number(c.left()).low(), number(c.right()).low())
                  ? Verdict.ALWAYS
                  : Verdict.NEVER
              : Interval.compare(number(c.left()), c.comparison(), number(c.right()));
      case Condition.All all -> combined(all.parts(), Verdict.NEVER, Verdict.ALWAYS);
      case Condition.Any any -> combined(any.parts(), Verdict.ALWAYS, Verdict.NEVER);
      case Condition.Not not ->
          switch (verdict(not.part())) {
            case ALWAYS -> Verdict.NEVER;
            case NEVER -> Verdict.ALWAYS;
            case SOMETIMES -> Verdict.SOMETIMES;
          };
    };
  }

  /** What of a condition, that holds in some points only, is not decided here. */
  Condition open(Condition condition) {
    return switch (condition) {
      case Condition.Compare compare -> compare;
      case Condition.All all -> {
        List<Condition> open = open(all.parts());
        yield open.size() == 1 ? open.getFirst() : new Condition.All(open);
      }
      case Condition.Any any -> {
        List<Condition> open = open(any.parts());
        yield open.size() == 1 ? open.getFirst() : new Condition.Any(open);
      }
      case Condition.Not not -> new Condition.Not(open(not.part()));
    };
  }

  /** Parts that decide the whole: were one the other way, the whole would be decided. */
  private List<Condition> open(List<Condition> parts) {
    return parts.stream()
        .filter(part -> verdict(part) == Verdict.SOMETIMES)
        .map(this::open)
        .toList();
  }

  private Verdict combined(List<Condition> parts, Verdict decides, Verdict otherwise) {
    Verdict result = otherwise;
    for (Condition part : parts) {
      Verdict verdict = verdict(part);
      if (verdict == decides) {
        return decides;
      }
      result = verdict == Verdict.SOMETIMES ? verdict : result;
    }
    return result;
  }

  private Interval number(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> number(of.index());
      case Quantity.OfShape of -> Interval.of((double) numbers.shape(of.rank()));
      case Quantity.OfNumber of -> Interval.of(of.value());
      case Quantity.OfScalar of -> throw new IllegalArgumentException("a scalar: " + of);
      case Quantity.Combined c -> Interval.apply(c.operator(), number(c.left()), number(c.right()));
    };
  }

  private Interval number(Index index) {
    return switch (index) {
      case Index.Coordinate c -> number(c.rank());
      case Index.Joined j -> {
        int group = ranks.place(j.outer()).group();
        Interval start =
            Interval.apply(
                Quantity.Arithmetic.MULTIPLY,
                number(j.outer()),
                Interval.of((double) numbers.innerShape[group]));
        Interval sum = Interval.apply(Quantity.Arithmetic.ADD, start, number(j.inner()));
        yield new Interval(sum.low(), Math.min(sum.high(), numbers.shape(j.parent()) - 1.0));
      }
      case Index.Next next ->
          Interval.apply(Quantity.Arithmetic.ADD, number(next.rank()), Interval.of(1));
      case Index.Last last -> Interval.of((double) numbers.shape(last.rank()));
      case Index.Fixed fixed -> Interval.of((double) fixed.coordinate());
      case Index.Affine affine -> {
        Interval sum = Interval.of((double) affine.offset());
        for (Index.Term term : affine.terms()) {
          Interval each =
              Interval.apply(
                  Quantity.Arithmetic.MULTIPLY,
                  Interval.of((double) term.coefficient()),
                  number(term.rank()));
          sum = Interval.apply(Quantity.Arithmetic.ADD, sum, each);
        }
        yield sum;
      }
      case Index.HeadMap map -> {
        Interval scaled =
            Interval.apply(
                Quantity.Arithmetic.MULTIPLY,
                number(map.rank()),
                Interval.of((double) numbers.shape(map.target())));
        yield Interval.apply(
            Quantity.Arithmetic.DIVIDE, scaled, Interval.of((double) numbers.shape(map.rank())));
      }
      case Index.Computed computed -> number(computed.quantity());
      case Index.Gathered gathered -> throw new IllegalArgumentException("a table: " + gathered);
    };
  }

  private Interval number(RankName rank) {
    RankTable.Place place = ranks.place(rank);
    int at = 2 * place.group() + (place.inner() ? 1 : 0);
    return new Interval(from[at], to[at] - 1.0);
  }
}
