package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The current range of every rank at a place of a running schedule. A partitioned rank has none of
 * its own; the range of an inner part follows from its outer part as soon as that is a single
 * coordinate.
 */
public final class Ranges {

  /** Coordinates from {@code from} up to, but not including, {@code to}. */
  public record Range(long from, long to) {

    public long extent() {
      return to - from;
    }

    /** Tiles of this size that cover it. */
    public long tiles(long tile) {
      return Math.ceilDiv(extent(), tile);
    }

    /** The tile with this number, from 0; the last may be shorter. */
    public Range tile(long number, long tile) {
      long start = from + number * tile;
      return new Range(start, Math.min(to, start + tile));
    }
  }

  /** What does not change while a schedule runs. */
  private record Space(
      Shapes shapes, Map<RankName, Integer> slots, Map<RankName, Partition> byOuter) {}

  private final Space space;
  private final Range[] current;

  private Ranges(Space space, Range[] current) {
    this.space = space;
    this.current = current;
  }

  /** At the root: every rank is whole. */
  public static Ranges whole(Cascade cascade, Shapes shapes) {
    Map<RankName, Integer> slots = new HashMap<>();
    Map<RankName, Partition> byOuter = new HashMap<>();
    cascade.partitions().forEach(split -> byOuter.put(split.outer(), split));
    List<Range> ranges = new ArrayList<>();
    for (RankName rank : ranks(cascade)) {
      slots.put(rank, ranges.size());
      ranges.add(new Range(0, shapes.of(rank)));
    }
    Ranges whole = new Ranges(new Space(shapes, slots, byOuter), ranges.toArray(Range[]::new));
    byOuter.keySet().stream()
        .filter(slots::containsKey)
        .filter(outer -> whole.extent(outer) == 1)
        .forEach(outer -> whole.fitInner(outer, 0));
    return whole;
  }

  /** Ranks that loops can split: all of the cascade but the partitioned ones. */
  public static Set<RankName> ranks(Cascade cascade) {
    Set<RankName> ranks = new LinkedHashSet<>();
    cascade.einsums().forEach(einsum -> ranks.addAll(einsum.iterationSpace()));
    cascade.tensors().forEach(tensor -> ranks.addAll(tensor.ranks()));
    cascade
        .partitions()
        .forEach(
            split -> {
              ranks.add(split.outer());
              ranks.add(split.inner());
            });
    cascade.partitions().forEach(split -> ranks.remove(split.parent()));
    return ranks;
  }

  public Range of(RankName rank) {
    return found(rank)
        .orElseThrow(() -> new IllegalArgumentException("rank " + rank + " has no range"));
  }

  /** The range, if the rank is one that loops can split. */
  public Optional<Range> found(RankName rank) {
    return Optional.ofNullable(space.slots().get(rank)).map(slot -> current[slot]);
  }

  public long extent(RankName rank) {
    return of(rank).extent();
  }

  /** The same with another range for one rank, which lies in its current one. */
  public Ranges with(RankName rank, Range range) {
    Ranges narrowed = new Ranges(space, current.clone());
    boolean becomesSingle = range.extent() == 1 && extent(rank) > 1;
    narrowed.current[space.slots().get(rank)] = range;
    if (becomesSingle) {
      narrowed.fitInner(rank, range.from());
    }
    return narrowed;
  }

  /** Only on a copy that nobody else has yet. */
  private void fitInner(RankName outer, long coordinate) {
    Partition split = space.byOuter().get(outer);
    if (split != null && space.slots().containsKey(split.inner())) {
      current[space.slots().get(split.inner())] =
          new Range(0, space.shapes().innerShape(split, coordinate));
    }
  }
}
