package dev.weir.mapper.model;

import dev.weir.mapper.schedule.Projection;
import dev.weir.mapper.schedule.Ranges;
import java.util.List;
import java.util.Optional;

/**
 * Σ over all iterations of some loops of what a tensor has of the ranks that it reads through
 * affine indices or head maps. What a border clips depends on where a tile is, so the iterations
 * are visited one by one: all of the loops over these ranks, but of no others.
 */
final class MappedSum {

  /**
   * What makes two of them equal.
   *
   * @param shares what the tensor has of the same groups besides, in the order of the groups
   * @param loops over ranks of the groups, the outermost first
   * @param modes how much of each counts, see {@link PathSum}
   * @param sliding the window of which an iteration of the last loop counts only what the one
   *     before lacks
   */
  record Key(
      MappedPart part,
      List<Share> shares,
      List<PlannedLoop> loops,
      List<Integer> modes,
      Optional<Projection.Part.Window> sliding) {}

  private final RankTable ranks;
  private final Key key;
  private final List<Integer> groups;

  private MappedSum(RankTable ranks, Key key) {
    this.ranks = ranks;
    this.key = key;
    this.groups = key.part().groups().stream().sorted().toList();
  }

  static MappedSum of(RankTable ranks, Key key) {
    return new MappedSum(ranks, key);
  }

  /** The sum, from the root of the tree. */
  long value(Numbers numbers) {
    return sum(numbers, 0, Box.whole(ranks, numbers), Optional.empty());
  }

  private long sum(Numbers numbers, int next, Box box, Optional<Box> before) {
    if (next == key.loops().size()) {
      return words(numbers, box, before);
    }
    PlannedLoop loop = key.loops().get(next);
    int mode = key.modes().get(next);
    long extent = box.extent(loop.group(), loop.inner());
    long tile = numbers.tiles[loop.number()];
    long tiles = Math.ceilDiv(extent, tile);
    long start = (mode & PathSum.LAST_TILE) != 0 ? tiles - 1 : 0;
    long end = (mode & PathSum.FIRST_TILE) != 0 ? 1 : tiles;
    boolean slides = key.sliding().isPresent() && next == key.loops().size() - 1;
    Optional<Box> previous = Optional.empty();
    long sum = 0;
    for (long number = start; number < end; number++) {
      Box inside =
          box.with(
              loop.group(), loop.inner(), number * tile, Math.min(extent, (number + 1) * tile));
      sum = Math.addExact(sum, sum(numbers, next + 1, inside, previous));
      previous = Optional.of(inside).filter(_ -> slides);
    }
    return sum;
  }

  private long words(Numbers numbers, Box box, Optional<Box> before) {
    long words = 1;
    for (Projection.Part part : key.part().parts()) {
      Ranges.Range span = box.span(part);
      boolean slides = before.isPresent() && key.sliding().filter(part::equals).isPresent();
      long kept = slides ? common(span, before.get().span(part)) : 0;
      words = Math.multiplyExact(words, span.extent() - kept);
    }
    for (int i = 0; i < groups.size(); i++) {
      int group = groups.get(i);
      long share =
          key.shares()
              .get(i)
              .of(
                  numbers,
                  group,
                  box.extent(group, false),
                  box.atEnd(group),
                  box.extent(group, true));
      words = Math.multiplyExact(words, share);
    }
    return words;
  }

  /** How much two ranges have in common. */
  static long common(Ranges.Range one, Ranges.Range other) {
    long length = Math.min(one.to(), other.to()) - Math.max(one.from(), other.from());
    return Math.max(0, length);
  }
}
