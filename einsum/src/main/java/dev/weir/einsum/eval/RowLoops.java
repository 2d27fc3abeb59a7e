package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An Einsum whose innermost loop is taken a row at a time. Every element of the output gets the
 * same values in the same order as point by point.
 */
final class RowLoops {

  /** Rows that a condition leaves so short are not worth their preparation. */
  private static final int SHORTEST = 4;

  private final LoopNest nest;
  private final LoopNest.Body body;
  private final RowCompiler.RowAt value;
  private final AffinePlace place;
  private final int stride;
  private final int slot;
  private final Accumulator accumulator;

  private RowLoops(
      Einsum einsum,
      List<RankName> ranks,
      AffinePlace place,
      PointCompiler compiler,
      Accumulator accumulator,
      LoopNest.Body body) {
    RankName rank = ranks.getLast();
    this.nest = new LoopNest(einsum, ranks, compiler);
    this.body = body;
    this.value = new RowCompiler(compiler, rank).row(einsum.value());
    this.place = place;
    this.slot = compiler.slot(rank);
    this.stride = place.stride(slot);
    this.accumulator = accumulator;
  }

  /**
   * The loops, unless there are none or the Einsum may read what it writes.
   *
   * @param body what is done at a single point
   */
  static Optional<RowLoops> of(
      Einsum einsum,
      Set<RankName> fixed,
      PointCompiler compiler,
      Accumulator accumulator,
      LoopNest.Body body) {
    DenseTensor output = compiler.tensor(einsum.output().tensor());
    Optional<AffinePlace> place = AffinePlace.of(einsum.output(), output, compiler);
    List<RankName> ranks = LoopNest.ranks(einsum, fixed, compiler);
    if (place.isEmpty() || ranks.isEmpty() || mayReadItsOutput(einsum)) {
      return Optional.empty();
    }
    List<RankName> order = RowOrder.of(einsum, ranks, place.get(), compiler);
    return Optional.of(new RowLoops(einsum, order, place.get(), compiler, accumulator, body));
  }

  /** Reads of an earlier generation are none of what is written. */
  static boolean mayReadItsOutput(Einsum einsum) {
    List<Index> written = einsum.output().indices();
    return einsum.reads().stream()
        .filter(read -> read.tensor().equals(einsum.output().tensor()))
        .anyMatch(
            read ->
                IntStream.range(0, written.size())
                    .noneMatch(
                        i ->
                            written.get(i) instanceof Index.Next(RankName rank)
                                && read.indices().get(i).equals(new Index.Coordinate(rank))));
  }

  void run(long[] point) {
    nest.runRows(point, (at, start, end) -> row(at, start, end));
  }

  private void row(long[] point, long start, long end) {
    if (end - start < SHORTEST) {
      for (long coordinate = start; coordinate < end; coordinate++) {
        point[slot] = coordinate;
        body.at(point);
      }
      return;
    }
    for (long from = start; from < end; from += Row.CAPACITY) {
      int length = (int) Math.min(Row.CAPACITY, end - from);
      point[slot] = from;
      Row row = value.at(point, length);
      accumulator.add(place.at(point), stride, row, length);
    }
  }
}
