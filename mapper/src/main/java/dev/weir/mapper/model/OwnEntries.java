package dev.weir.mapper.model;

import dev.weir.mapper.model.Interval.Verdict;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The expected number of iterations with a present point, where points that are not told apart read
 * entries of their own: of k such points, each present in c of n values, one is in n^k - (n - c)^k
 * of n^k. Iterations are grouped by k, which ranks decide that only say which entry it is, and by
 * c, which all others decide.
 */
final class OwnEntries {

  /** More iterations than this are not visited one by one. */
  private static final long MOST_ITERATIONS = 1L << 18;

  /** Powers of more bits than this are not worked out. */
  private static final long MOST_BITS = 1L << 20;

  /**
   * What makes two of them equal.
   *
   * @param points the condition, and the loops over its ranks and those that entries are read by
   * @param entries of tables
   * @param reading groups of ranks that entries are read by, none of which the condition reads
   */
  record Key(PresentPoints.Key points, List<Draws.Draw> entries, Set<Integer> reading) {}

  private final RankTable ranks;
  private final PresentPoints.Key key;
  private final Set<Integer> reading;

  /** Entries that all points of an iteration share. */
  private final List<Integer> shared = new ArrayList<>();

  /** Entries of which each point has its own. */
  private final List<Integer> own = new ArrayList<>();

  /** Loops that tell iterations apart, not by the entries that they read. */
  private final List<PlannedLoop> told = new ArrayList<>();

  private final List<Integer> modes = new ArrayList<>();

  private OwnEntries(RankTable ranks, PresentPoints.Key key, Set<Integer> reading) {
    this.ranks = ranks;
    this.key = key;
    this.reading = reading;
    for (int i = 0; i < key.loops().size(); i++) {
      PlannedLoop loop = key.loops().get(i);
      if (!reading.contains(loop.group()) && (key.modes().get(i) & PathSum.ANY_TILE) == 0) {
        told.add(loop);
        modes.add(key.modes().get(i));
      }
    }
  }

  /**
   * Points that are merged along ranks that entries are read by.
   *
   * @return empty where the entries of these points depend on each other
   */
  static Optional<OwnEntries> of(RankTable ranks, Key of) {
    PresentPoints.Key key = of.points();
    Set<Integer> reading = of.reading();
    OwnEntries points = new OwnEntries(ranks, key, reading);
    Set<Integer> merged = new HashSet<>();
    for (int i = 0; i < key.loops().size(); i++) {
      int group = key.loops().get(i).group();
      if ((key.modes().get(i) & PathSum.ANY_TILE) != 0) {
        merged.add(group);
      } else if (merged.contains(group)) {
        return Optional.empty();
      }
    }
    merged.retainAll(reading);
    for (Draws.Draw entry : of.entries()) {
      Set<Integer> by = new HashSet<>();
      entry.access().ranks().forEach(rank -> by.add(ranks.place(rank).group()));
      int values = ranks.place(entry.rank()).group();
      if (merged.stream().noneMatch(by::contains)) {
        points.shared.add(values);
      } else if (by.containsAll(merged) && entry.isDrawnApart()) {
        points.own.add(values);
      } else {
        return Optional.empty();
      }
    }
    boolean areAlone =
        reading.stream().noneMatch(group -> ranks.groups().get(group).isPartitioned());
    return Optional.of(points).filter(_ -> areAlone);
  }

  /** Whether they are too many to count. */
  boolean isTooLarge(Numbers numbers) {
    double iterations = 1;
    for (PlannedLoop loop : told) {
      iterations *= (double) Math.ceilDiv(size(numbers, loop), numbers.tiles[loop.number()]);
    }
    for (int group : shared) {
      iterations *= (double) numbers.steps[group];
    }
    return iterations > MOST_ITERATIONS;
  }

  private static long size(Numbers numbers, PlannedLoop loop) {
    return loop.inner() ? numbers.innerShape[loop.group()] : numbers.steps[loop.group()];
  }

  /** The number. */
  Fraction value(Numbers numbers) {
    Map<Long, Long> byValues = new HashMap<>();
    visit(numbers, 0, whole(numbers), byValues);
    long of = 1;
    for (int group : own) {
      of = Math.multiplyExact(of, numbers.steps[group]);
    }
    Fraction sum = Fraction.ZERO;
    for (Map.Entry<Long, Long> points : byPoints(numbers).entrySet()) {
      Fraction each = anyOf(points.getKey(), of, byValues);
      sum = sum.plus(each.times(points.getValue()));
    }
    for (int group : shared) {
      sum = sum.dividedBy(numbers.steps[group]);
    }
    return sum;
  }

  private Box whole(Numbers numbers) {
    Set<Integer> read = new HashSet<>();
    key.condition().ranks().forEach(rank -> read.add(ranks.place(rank).group()));
    Box whole = Box.whole(ranks, numbers);
    for (int group = 0; group < ranks.groups().size(); group++) {
      if (!read.contains(group)) {
        whole = whole.with(group, false, 0, 1).with(group, true, 0, 1);
      }
    }
    return whole;
  }

  /** Of iterations with k points: Σ how many there are × how likely one of the points is there. */
  private static Fraction anyOf(long points, long of, Map<Long, Long> byValues) {
    if (points * (64 - Long.numberOfLeadingZeros(of)) > MOST_BITS) {
      double sum = 0;
      for (Map.Entry<Long, Long> with : byValues.entrySet()) {
        double absent = Math.log1p(-(double) with.getKey() / of);
        sum += with.getValue() * -Math.expm1(points * absent);
      }
      BigDecimal exact = new BigDecimal(sum);
      return new Fraction(
          exact.setScale(Math.max(0, exact.scale())).unscaledValue(),
          BigInteger.TEN.pow(Math.max(0, exact.scale())));
    }
    int power = Math.toIntExact(points);
    BigInteger all = BigInteger.valueOf(of).pow(power);
    BigInteger sum = BigInteger.ZERO;
    for (Map.Entry<Long, Long> with : byValues.entrySet()) {
      BigInteger none = BigInteger.valueOf(of - with.getKey()).pow(power);
      sum = sum.add(all.subtract(none).multiply(BigInteger.valueOf(with.getValue())));
    }
    return new Fraction(sum, all);
  }

  /** Iterations of the loops that tell them apart, by the number of values with a present point. */
  private void visit(Numbers numbers, int next, Box box, Map<Long, Long> byValues) {
    if (next < told.size()) {
      PlannedLoop loop = told.get(next);
      long extent = box.extent(loop.group(), loop.inner());
      long tile = numbers.tiles[loop.number()];
      long tiles = Math.ceilDiv(extent, tile);
      long start = (modes.get(next) & PathSum.LAST_TILE) != 0 ? tiles - 1 : 0;
      long end = (modes.get(next) & PathSum.FIRST_TILE) != 0 ? 1 : tiles;
      for (long at = start; at < end; at++) {
        long to = Math.min(extent, (at + 1) * tile);
        visit(numbers, next + 1, box.with(loop.group(), loop.inner(), at * tile, to), byValues);
      }
    } else if (next < told.size() + shared.size()) {
      int group = shared.get(next - told.size());
      for (long at = 0; at < numbers.steps[group]; at++) {
        visit(numbers, next + 1, box.with(group, false, at, at + 1), byValues);
      }
    } else {
      byValues.merge(values(box, 0), 1L, Long::sum);
    }
  }

  /** How many values of the own entries from one on have a present point. */
  private long values(Box box, int next) {
    Verdict verdict = box.verdict(key.condition());
    if (verdict == Verdict.NEVER) {
      return 0;
    }
    if (verdict == Verdict.ALWAYS) {
      long product = 1;
      for (int group : own.subList(next, own.size())) {
        product = Math.multiplyExact(product, box.extent(group, false));
      }
      return product;
    }
    if (next == own.size()) {
      return holdsSomewhere(box) ? 1 : 0;
    }
    int group = own.get(next);
    long extent = box.extent(group, false);
    if (extent == 1) {
      return values(box, next + 1);
    }
    return Math.addExact(
        values(box.with(group, false, 0, extent / 2), next),
        values(box.with(group, false, extent / 2, extent), next));
  }

  private boolean holdsSomewhere(Box box) {
    return switch (box.verdict(key.condition())) {
      case ALWAYS -> true;
      case NEVER -> false;
      case SOMETIMES -> holdsSomewhere(box.half(true)) || holdsSomewhere(box.half(false));
    };
  }

  /** Iterations of the loops over ranks that entries are read by, by the number of their points. */
  private Map<Long, Long> byPoints(Numbers numbers) {
    Map<Long, Long> result = Map.of(1L, 1L);
    for (int group : reading) {
      List<Integer> loops = new ArrayList<>();
      for (int i = 0; i < key.loops().size(); i++) {
        if (key.loops().get(i).group() == group) {
          loops.add(i);
        }
      }
      Map<Long, Long> more = new HashMap<>();
      Map<Long, Long> before = result;
      byPoints(numbers, loops, numbers.steps[group])
          .forEach(
              (points, count) ->
                  before.forEach(
                      (others, times) ->
                          more.merge(
                              Math.multiplyExact(points, others),
                              Math.multiplyExact(count, times),
                              Math::addExact)));
      result = more;
    }
    return result;
  }

  private Map<Long, Long> byPoints(Numbers numbers, List<Integer> loops, long range) {
    if (loops.isEmpty()) {
      return Map.of(range, 1L);
    }
    int mode = key.modes().get(loops.getFirst());
    long tile = numbers.tiles[key.loops().get(loops.getFirst()).number()];
    long tiles = Math.ceilDiv(range, tile);
    long last = range - (tiles - 1) * tile;
    boolean onlyFirst = (mode & PathSum.FIRST_TILE) != 0;
    boolean onlyLast = (mode & PathSum.LAST_TILE) != 0;
    List<Integer> inner = loops.subList(1, loops.size());
    if ((mode & PathSum.ANY_TILE) != 0 && !onlyFirst && !onlyLast) {
      return byPoints(numbers, inner, range);
    }
    Map<Long, Long> result = new HashMap<>();
    if (onlyFirst && onlyLast && tiles > 1) {
      return result;
    }
    long full = onlyLast ? 0 : onlyFirst ? Math.min(1, tiles - 1) : tiles - 1;
    if (full > 0) {
      byPoints(numbers, inner, tile)
          .forEach((points, count) -> result.merge(points, count * full, Math::addExact));
    }
    if (!onlyFirst || tiles == 1) {
      byPoints(numbers, inner, last)
          .forEach((points, count) -> result.merge(points, count, Math::addExact));
    }
    return result;
  }
}
