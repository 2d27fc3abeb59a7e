package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.example.Examples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongBiFunction;
import org.junit.jupiter.api.Test;

/** Iterations without a present point are not visited: nothing is entered, moved or added up. */
class SkipCountsTest {

  private static Cascade masked(String condition) {
    return Examples.cascadeFrom(
        """
        cascade c
          ranks M, K
          inputs A[M,K], B[K]
          Z[m] = A[m,k] * B[k] | CONDITION
          outputs Z
        """
            .replace("CONDITION", condition));
  }

  @Test
  void tilesAboveTheDiagonalAreNotLoaded() {
    String tree =
        """
        for m by 2 {
          keep Z at GlobalBuffer
          for k by 2 SKIP {
            keep A at GlobalBuffer
            for m by 1  for k by 1  compute Z on Array2D
          }
        }
        """;
    CountedRun visited = CountedRun.of(masked("k <= m"), "M=4 K=4", tree.replace("SKIP", ""));
    CountedRun skipped = CountedRun.of(masked("k <= m"), "M=4 K=4", tree.replace("SKIP", "skip"));

    assertThat(visited.words("DRAM")).containsEntry("A READ", 16L);
    assertThat(skipped.words("DRAM"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("A READ", 12L, "B READ", 10L, "Z WRITE", 4L));
    assertThat(skipped.operations("Z")).isEqualTo(10).isEqualTo(visited.operations("Z"));
    // Each element is written once a term and read for all but the first, then written back.
    assertThat(skipped.words("GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("A WRITE", 12L, "A READ", 10L, "Z WRITE", 10L, "Z READ", 10L - 4 + 4));
    assertThat(skipped.peakWords("GlobalBuffer")).isEqualTo(2 + 4);
  }

  private static final String CUT =
      """
      for k by 2 skip  for m by 2 skip {
        keep Z at GlobalBuffer
        for m by 1  for k by 1  compute Z on Array2D
      }
      """;

  @Test
  void sumsAreFinalAfterTheirLastVisit() {
    CountedRun run = CountedRun.of(masked("k <= m"), "M=4 K=4", CUT);

    // Visited are (k, m) = (0, 0), (0, 2) and (2, 2): the first is final at once.
    assertThat(run.words("DRAM"))
        .containsEntry("Z WRITE", 4L)
        .containsEntry("Z PARTIAL_WRITE", 2L)
        .containsEntry("Z PARTIAL_READ", 2L);
    assertThat(run.words("GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "Z WRITE",
                10L,
                // 1 for m = 1, 1 each for m = 2 and 3; with partial sums all 3 terms; 4 leave.
                "Z READ",
                1L + 2 + 3 + 4,
                "Z PARTIAL_READ",
                2L,
                "Z PARTIAL_WRITE",
                2L));
  }

  @Test
  void sumsBeginAtTheirFirstVisit() {
    CountedRun run = CountedRun.of(masked("k >= m"), "M=4 K=4", CUT);

    // Visited are (0, 0), (2, 0) and (2, 2): the last loads nothing, though k is not at 0.
    assertThat(run.words("DRAM"))
        .containsEntry("Z WRITE", 4L)
        .containsEntry("Z PARTIAL_WRITE", 2L)
        .containsEntry("Z PARTIAL_READ", 2L);
  }

  @Test
  void whatIsNeverVisitedIsNeverWritten() {
    CountedRun run = CountedRun.of(masked("k < m and m < 2"), "M=4 K=4", CUT);

    assertThat(run.words("DRAM"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("A READ", 1L, "B READ", 1L, "Z WRITE", 2L));
    assertThat(CountedRun.of(masked("k < 0 and m < 0"), "M=4 K=4", CUT).counts().trafficWords())
        .isEmpty();
  }

  /** An instance that skips leaves the read to the next one. */
  @Test
  void tileForSeveralInstancesIsReadIfOneOfThemIsVisited() {
    CountedRun run =
        CountedRun.of(
            masked("k <= m"),
            "M=2 K=2",
            """
            spatial m by 1 on Array2D.columns multicast B
            spatial k by 1 on Array2D.rows reduce Z
            for k by 1 skip {
              keep B at RegisterFile2D
              compute Z on Array2D
            }
            """);

    // Row 0 is visited for k = 0, row 1 for k = 0 and k = 1.
    assertThat(run.words("RegisterFile2D")).containsEntry("B WRITE", 3L);
    assertThat(run.words("DRAM")).containsEntry("B READ", 2L);
  }

  @Test
  void partsOfARankSkipToo() {
    CountedRun run =
        CountedRun.of(
            Examples.cascadeFrom(
                """
                cascade c
                  ranks P, M
                  partition M = M1 * M0 by 2
                  inputs Q[P], K[M]
                  Z[p] = Q[p] * K[m1*M0+m0] | m1*M0+m0 <= p
                  outputs Z
                """),
            "P=4 M=5 M0=2",
            """
            for p by 2 {
              keep Z at GlobalBuffer
              for m1 by 1 skip {
                keep K at GlobalBuffer
                for p by 1  for m0 by 1 skip  compute Z on Array2D
              }
            }
            """);

    // Queries 0 and 1 see keys 0 and 1, queries 2 and 3 see 0 to 3; nobody sees 4.
    assertThat(run.words("DRAM")).containsEntry("K READ", 2L + 4);
    assertThat(run.words("GlobalBuffer")).containsEntry("K READ", 1L + 2 + 3 + 4);
  }

  @Test
  void windowSlidesFromTheLastVisitedIteration() {
    CountedRun run =
        CountedRun.of(
            Examples.cascadeFrom(
                """
                cascade c
                  ranks P, M, W
                  inputs A[M], G[W]
                  Z[p] = A[p+w] * G[w] | p%2 == 0
                  outputs Z
                """),
            "P=5 M=7 W=3",
            "for p by 1 skip { keep A at GlobalBuffer  for w by 1  compute Z on Array2D }");

    // 0-2, then of 2-4 and 4-6 two each.
    assertThat(run.words("DRAM")).containsEntry("A READ", 3L + 2 + 2);
  }

  @Test
  void readersOutsideFindAbsentElements() {
    CountedRun run =
        CountedRun.of(
            Examples.cascadeFrom(
                """
                cascade c
                  ranks P, M, E
                  inputs Q[P,E], K[M,E]
                  S[p,m] = Q[p,e] * K[m,e] | m <= p
                  Z[p] = S[p,m]
                  outputs Z
                """),
            "P=3 M=4 E=2",
            """
            keep S at GlobalBuffer
            for p by 2  for m by 2 skip  for p by 1  for m by 1  for e by 1  compute S on Array2D
            for p by 1  for m by 1  compute Z on Array2D
            """);

    assertThat(run.operations("S")).isEqualTo((1 + 2 + 3) * 2);
    assertThat(run.words("GlobalBuffer")).containsEntry("S READ", 6L + 12);
  }

  /** A random band of a matrix in random tiles. */
  private record Band(int rows, int columns, int high, int wide, int before, int after) {

    static Band of(long seed) {
      Random random = new Random(seed);
      return new Band(
          1 + random.nextInt(6),
          1 + random.nextInt(6),
          1 + random.nextInt(3),
          1 + random.nextInt(3),
          random.nextInt(5) - 1,
          random.nextInt(5) - 1);
    }

    CountedRun run(String tree) {
      return CountedRun.of(
          masked("m - k <= %d and k - m <= %d".formatted(before, after)),
          "M=%d K=%d".formatted(rows, columns),
          tree.replace("HIGH", Integer.toString(high)).replace("WIDE", Integer.toString(wide)));
    }

    /** Sizes of the tiles that have a point, each asked point by point. */
    Map<List<Integer>, Long> tilesWithPoints(ToLongBiFunction<Integer, Integer> size) {
      Map<List<Integer>, Long> tiles = new HashMap<>();
      for (int top = 0; top < rows; top += high) {
        for (int left = 0; left < columns; left += wide) {
          int bottom = Math.min(rows, top + high);
          int right = Math.min(columns, left + wide);
          boolean hasPoint = false;
          for (int m = top; m < bottom; m++) {
            for (int k = left; k < right; k++) {
              hasPoint |= m - k <= before && k - m <= after;
            }
          }
          if (hasPoint) {
            tiles.put(List.of(top, left), size.applyAsLong(bottom - top, right - left));
          }
        }
      }
      return tiles;
    }
  }

  @Test
  void tilesWithAPointAreLoadedAndNoOthers() {
    for (long seed = 0; seed < 200; seed++) {
      Band band = Band.of(seed);
      CountedRun run =
          band.run(
              """
              for m by HIGH  for k by WIDE skip {
                keep A at GlobalBuffer
                for m by 1  for k by 1  compute Z on Array2D
              }
              """);

      assertThat(run.words("DRAM").getOrDefault("A READ", 0L))
          .as("seed %s", seed)
          .isEqualTo(sum(band.tilesWithPoints((high, wide) -> (long) high * wide)));
    }
  }

  /** Whichever loop is outside, each visited tile of sums becomes final once. */
  @Test
  void visitedSumsBecomeFinalOnce() {
    for (long seed = 0; seed < 200; seed++) {
      Band band = Band.of(seed);
      Map<List<Integer>, Long> visits = band.tilesWithPoints((high, _) -> (long) high);
      Map<Integer, Long> rows = new HashMap<>();
      visits.forEach((tile, words) -> rows.put(tile.getFirst(), words));
      long finals = rows.values().stream().mapToLong(Long::longValue).sum();
      for (String loops :
          List.of(
              "for k by WIDE skip  for m by HIGH skip", "for m by HIGH skip  for k by WIDE skip")) {
        Map<String, Long> words =
            band.run(
                    loops
                        + " { keep Z at GlobalBuffer"
                        + " for m by 1  for k by 1  compute Z on Array2D }")
                .words("DRAM");

        assertThat(words.getOrDefault("Z WRITE", 0L)).as("seed %s", seed).isEqualTo(finals);
        assertThat(words.getOrDefault("Z PARTIAL_WRITE", 0L))
            .as("seed %s", seed)
            .isEqualTo(sum(visits) - finals);
        assertThat(words.getOrDefault("Z PARTIAL_READ", 0L))
            .as("seed %s", seed)
            .isEqualTo(sum(visits) - finals);
      }
    }
  }

  private static long sum(Map<List<Integer>, Long> words) {
    return words.values().stream().mapToLong(Long::longValue).sum();
  }
}
