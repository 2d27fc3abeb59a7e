package dev.weir.mapper.model;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Projection;

/** What a window or a head map needs, where only the sizes of the ranges are known. */
final class MappedWords {

  private final RankTable ranks;
  private final Projection.Part part;

  MappedWords(RankTable ranks, Projection.Part part) {
    this.ranks = ranks;
    this.part = part;
  }

  /** The fewest coordinates that it reaches, and the tensor has, wherever the ranges lie. */
  long least(Numbers numbers, Kinds kinds, int kind) {
    return switch (part) {
      case Projection.Part.HeadMap map ->
          Math.floorDiv(
                  Math.multiplyExact(
                      extent(map.rank(), kinds, kind) - 1, numbers.shape(map.target())),
                  numbers.shape(map.rank()))
              + 1;
      case Projection.Part.Window window -> {
        long least = 0;
        for (Index.Affine index : window.indices()) {
          long one = least(index, numbers.shape(window.own()), numbers, kinds, kind);
          least = Math.max(least, one);
        }
        yield least;
      }
      case Projection.Part.Plain _,
          Projection.Part.Joined _,
          Projection.Part.Generation _,
          Projection.Part.Whole _ ->
          throw new IllegalStateException("not mapped: " + part);
    };
  }

  /** A range that moves over a shape has least of it at one of the two ends. */
  private long least(Index.Affine index, long shape, Numbers numbers, Kinds kinds, int kind) {
    long lowest = index.offset();
    long highest = index.offset();
    long length = 1;
    for (Index.Term term : index.terms()) {
      RankTable.Place place = ranks.place(term.rank());
      long all = place.inner() ? numbers.innerShape[place.group()] : numbers.steps[place.group()];
      long extent = extent(term.rank(), kinds, kind);
      long coefficient = term.coefficient();
      length += Math.abs(coefficient) * (extent - 1);
      lowest += coefficient > 0 ? 0 : coefficient * (all - 1);
      highest += coefficient > 0 ? coefficient * (all - extent) : coefficient * (extent - 1);
    }
    return Math.min(clipped(lowest, length, shape), clipped(highest, length, shape));
  }

  private static long clipped(long from, long length, long shape) {
    return Math.max(0, Math.min(from + length, shape) - Math.max(from, 0));
  }

  /**
   * Room that it takes: for all that it reaches, but at most for what the tensor has.
   *
   * @param from first coordinates, two a group, of ranks of which {@link RankTable#isPlaced} says
   *     that they matter
   */
  long room(Numbers numbers, Kinds kinds, int kind, long[] from) {
    return switch (part) {
      case Projection.Part.HeadMap map -> {
        long first = first(map.rank(), from);
        long last = first + extent(map.rank(), kinds, kind) - 1;
        long target = numbers.shape(map.target());
        long heads = numbers.shape(map.rank());
        yield Math.floorDiv(last * target, heads) - Math.floorDiv(first * target, heads) + 1;
      }
      case Projection.Part.Window window -> {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (Index.Affine index : window.indices()) {
          long low = index.offset();
          long high = index.offset();
          for (Index.Term term : index.terms()) {
            long first = term.coefficient() * first(term.rank(), from);
            long more = term.coefficient() * (extent(term.rank(), kinds, kind) - 1);
            low += first + Math.min(more, 0);
            high += first + Math.max(more, 0);
          }
          least = Math.min(least, low);
          greatest = Math.max(greatest, high);
        }
        yield Math.min(greatest - least + 1, numbers.shape(window.own()));
      }
      case Projection.Part.Plain _,
          Projection.Part.Joined _,
          Projection.Part.Generation _,
          Projection.Part.Whole _ ->
          throw new IllegalStateException("not mapped: " + part);
    };
  }

  private long extent(RankName rank, Kinds kinds, int kind) {
    RankTable.Place place = ranks.place(rank);
    return kinds.extent(kind, place.group(), place.inner());
  }

  private long first(RankName rank, long[] from) {
    RankTable.Place place = ranks.place(rank);
    return from[2 * place.group() + (place.inner() ? 1 : 0)];
  }
}
