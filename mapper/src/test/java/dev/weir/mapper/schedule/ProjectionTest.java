package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tiles of windows and head maps against all points of their ranges. */
class ProjectionTest {

  private static final RankName P = new RankName("P");
  private static final RankName W = new RankName("W");
  private static final RankName M = new RankName("M");
  private static final TensorName A = new TensorName("A");
  private static final List<Partition> NONE = List.of();

  private static Ranges ranges(Shapes shapes, Random random) {
    Tensor all = new Tensor(A, Tensor.Role.INPUT, List.of(P, W, M), Optional.empty(), 0);
    Ranges ranges = Ranges.whole(new Cascade("c", NONE, List.of(all), Map.of(), List.of()), shapes);
    for (RankName rank : List.of(P, W)) {
      long from = random.nextLong(shapes.of(rank));
      long to = from + 1 + random.nextLong(shapes.of(rank) - from);
      ranges = ranges.with(rank, new Ranges.Range(from, to));
    }
    return ranges;
  }

  private static NavigableSet<Long> clipped(NavigableSet<Long> reached, long shape) {
    NavigableSet<Long> inside = new TreeSet<>();
    for (long at = reached.first(); at <= reached.last(); at++) {
      if (at >= 0 && at < shape) {
        inside.add(at);
      }
    }
    return inside;
  }

  @Test
  void windowCoversWhatItsIndicesReachBetweenTheirEnds() {
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      Shapes shapes =
          Shapes.complete(
              Map.of(
                  P, 1 + random.nextLong(6), W, 1 + random.nextLong(4), M, 1 + random.nextLong(12)),
              NONE);
      Ranges ranges = ranges(shapes, random);
      NavigableSet<Long> reached = new TreeSet<>();
      List<Index.Affine> indices =
          random
              .ints(1 + random.nextInt(2), 0, 1 << 20)
              .mapToObj(bits -> index(new Random(bits)))
              .toList();
      for (Index.Affine index : indices) {
        for (long p = ranges.of(P).from(); p < ranges.of(P).to(); p++) {
          for (long w = ranges.of(W).from(); w < ranges.of(W).to(); w++) {
            reached.add(
                index.offset()
                    + index.terms().get(0).coefficient() * p
                    + index.terms().get(1).coefficient() * w);
          }
        }
      }
      Projection.Part window = new Projection.Part.Window(M, indices);
      Projection projection = new Projection(A, List.of(window));
      NavigableSet<Long> inside = clipped(reached, shapes.of(M));

      assertThat(projection.words(ranges, shapes)).as("seed %s", seed).isEqualTo(inside.size());
      if (!inside.isEmpty()) {
        assertThat(projection.span(window, ranges, shapes))
            .as("seed %s", seed)
            .isEqualTo(new Ranges.Range(inside.first(), inside.last() + 1));
      }
      assertThat(projection.room(window, ranges, shapes))
          .as("seed %s", seed)
          .isEqualTo(Math.min(reached.last() - reached.first() + 1, shapes.of(M)));
    }
  }

  private static Index.Affine index(Random random) {
    return new Index.Affine(
        List.of(new Index.Term(random.nextInt(7) - 3, P), new Index.Term(random.nextInt(5) - 2, W)),
        random.nextInt(9) - 4);
  }

  @Test
  void wordsBeyondAnotherTileAreThoseThatItLacks() {
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      Shapes shapes =
          Shapes.complete(
              Map.of(
                  P, 1 + random.nextLong(6), W, 1 + random.nextLong(4), M, 1 + random.nextLong(12)),
              NONE);
      Ranges now = ranges(shapes, random);
      Ranges before = now.with(P, ranges(shapes, random).of(P));
      Projection.Part.Window window = new Projection.Part.Window(M, List.of(index(random)));
      Projection projection = new Projection(A, List.of(window, new Projection.Part.Plain(W)));
      Set<Long> fresh = coordinates(projection.span(window, now, shapes));
      fresh.removeAll(coordinates(projection.span(window, before, shapes)));

      assertThat(projection.wordsBeyond(window, before, now, shapes))
          .as("seed %s", seed)
          .isEqualTo(fresh.size() * now.extent(W));
    }
  }

  private static Set<Long> coordinates(Ranges.Range range) {
    Set<Long> coordinates = new HashSet<>();
    for (long at = range.from(); at < range.to(); at++) {
      coordinates.add(at);
    }
    return coordinates;
  }

  @Test
  void headMapCoversTheHeadsThatItReaches() {
    for (long seed = 0; seed < 1000; seed++) {
      Random random = new Random(seed);
      Shapes shapes =
          Shapes.complete(
              Map.of(P, 1 + random.nextLong(12), W, 1L, M, 1 + random.nextLong(6)), NONE);
      Ranges ranges = ranges(shapes, random);
      NavigableSet<Long> reached = new TreeSet<>();
      for (long p = ranges.of(P).from(); p < ranges.of(P).to(); p++) {
        reached.add(p * shapes.of(M) / shapes.of(P));
      }
      Projection.Part map = new Projection.Part.HeadMap(P, M);

      assertThat(new Projection(A, List.of(map)).span(map, ranges, shapes))
          .as("seed %s", seed)
          .isEqualTo(new Ranges.Range(reached.first(), reached.last() + 1));
    }
  }
}
