package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.example.Examples;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Words of tensors that are read through windows and head maps. */
class WindowCountsTest {

  private static final Cascade WINDOW =
      Examples.cascadeFrom(
          """
          cascade c
            ranks P, M, W
            inputs A[M], G[W]
            Z[p] = A[p+w-1] * G[w]
            outputs Z
          """);

  private static final Cascade HEADS =
      Examples.cascadeFrom(
          """
          cascade c
            ranks H, Hk, E
            inputs Q[H,E], K[Hk,E]
            Z[h,e] = Q[h,e] * K[h*Hk/H,e]
            outputs Z
          """);

  private static final Cascade CONVOLUTION =
      Examples.cascadeFrom(
          """
          cascade c
            ranks Y, X, U, W, N, M
            inputs A[N,M], G[U,W]
            Z[y,x] = A[2*y+u-1,x-w+1] * G[u,w]
            outputs Z
          """);

  @Test
  void tileOfAWindowIsClippedAtTheBorders() {
    CountedRun run =
        CountedRun.of(
            WINDOW,
            "P=5 M=5 W=3",
            """
            for p by 2  for w by 3 {
              keep A at GlobalBuffer
              for p by 1  for w by 1  compute Z on Array2D
            }
            """);

    // 0-2 for p = 0, 1; 1-4 for p = 2, 3; 3-4 for p = 4.
    assertThat(run.words("DRAM")).containsEntry("A READ", 3L + 4 + 2);
    assertThat(run.words("GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(
            // p = 0 reads nothing at w = 0, p = 4 nothing at w = 2.
            Map.of("A WRITE", 3L + 4 + 2, "A READ", 15L - 2));
    assertThat(run.operations("Z")).isEqualTo(15);
    assertThat(run.peakWords("GlobalBuffer")).isEqualTo(2 + 3 - 1);
  }

  @Test
  void whatLiesOutsideIsNotRead() {
    CountedRun run =
        CountedRun.of(WINDOW, "P=5 M=5 W=3", "for p by 1  for w by 1  compute Z on Array2D");

    assertThat(run.words("DRAM")).containsEntry("A READ", 13L).containsEntry("G READ", 15L);
  }

  @Test
  void multicastOfATensorThatLacksTheRankReadsOnceAStep() {
    CountedRun run =
        CountedRun.of(
            Examples.cascadeFrom(
                """
                cascade c
                  ranks P, M, W, F
                  inputs A[M], G[W,F]
                  Z[p,f] = A[p+w-1] * G[w,f]
                  outputs Z
                """),
            "P=5 M=5 W=3 F=2",
            """
            keep A at GlobalBuffer
            for p by 1  for w by 1  spatial f by 1 on Array2D.rows multicast A  compute Z on Array2D
            """);

    assertThat(run.words("GlobalBuffer")).containsEntry("A READ", 13L);
  }

  @Test
  void roomIsThatOfAWholeWindowButNeverMoreThanTheTensor() {
    String nest = "  for p by 1  for w by 1  compute Z on Array2D }";

    // The window reaches from -1 to 1, of which the tile has 0 and 1.
    assertThat(
            CountedRun.of(WINDOW, "P=1 M=5 W=3", "{ keep A at GlobalBuffer" + nest)
                .peakWords("GlobalBuffer"))
        .isEqualTo(3);
    assertThat(
            CountedRun.of(WINDOW, "P=5 M=5 W=3", "{ keep A at GlobalBuffer" + nest)
                .peakWords("GlobalBuffer"))
        .isEqualTo(5);
  }

  @Test
  void ranksOfAConvolutionMultiply() {
    CountedRun run =
        CountedRun.of(
            CONVOLUTION,
            "Y=3 X=4 U=3 W=2 N=6 M=4",
            """
            for y by 2  for x by 2  for u by 3 {
              keep A at GlobalBuffer
              for y by 1  for x by 1  for u by 1  for w by 1  compute Z on Array2D
            }
            """);

    // Rows -1..3 and 3..5: 4 and 3 of them; columns 0..2 and 2..4: 3 and 2.
    assertThat(run.words("DRAM")).containsEntry("A READ", (4L + 3) * (3 + 2));
    // Row 2y+u-1 is outside at y = u = 0 only; column x-w+1 at x = 3, w = 0 only.
    assertThat(run.words("GlobalBuffer")).containsEntry("A READ", (9L - 1) * (8 - 1));
    assertThat(run.peakWords("GlobalBuffer")).isEqualTo(5 * 3);
  }

  @Test
  void tileThatLiesOutsideHasNoWords() {
    CountedRun run =
        CountedRun.of(
            Examples.cascadeFrom(
                """
                cascade c
                  ranks S, W, C = S + W
                  inputs A[S], B[W]
                  X[c] = A[1*c] + B[c-3]
                  outputs X
                """),
            "S=3 W=2",
            "for c by 1 { keep A, B at GlobalBuffer  compute X on Array2D }");

    assertThat(run.words("DRAM"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("A READ", 3L, "B READ", 2L, "X WRITE", 5L));
    assertThat(run.words("GlobalBuffer")).containsEntry("A READ", 3L).containsEntry("B READ", 2L);
  }

  @Test
  void severalWindowsHaveOneTileAroundAll() {
    CountedRun run =
        CountedRun.of(
            Examples.cascadeFrom(
                """
                cascade c
                  ranks P
                  inputs A[P]
                  Z[p] = A[p] + A[p+2]
                  outputs Z
                """),
            "P=4",
            "for p by 2  for p by 2 { keep A at GlobalBuffer  for p by 1  compute Z on Array2D }");

    // 0-3, then 2-3; A[p+2] is outside for p = 2, 3.
    assertThat(run.words("DRAM")).containsEntry("A READ", 4L + 2);
    assertThat(run.words("GlobalBuffer")).containsEntry("A READ", 4L + 2);
    assertThat(run.peakWords("GlobalBuffer")).isEqualTo(4);
  }

  @Test
  void headsThatShareAKeyHeadLoadItOnce() {
    String tree =
        "for h by %d { keep K at GlobalBuffer  for h by 1  for e by 1  compute Z on Array2D }";

    CountedRun aligned = CountedRun.of(HEADS, "H=6 Hk=2 E=3", tree.formatted(3));
    assertThat(aligned.words("DRAM")).containsEntry("K READ", 2L * 3);
    assertThat(aligned.words("GlobalBuffer")).containsEntry("K READ", 6L * 3);
    assertThat(aligned.peakWords("GlobalBuffer")).isEqualTo(3);

    // Heads 0-3 read key heads 0 and 1, heads 4 and 5 read 1.
    assertThat(CountedRun.of(HEADS, "H=6 Hk=2 E=3", tree.formatted(4)).words("DRAM"))
        .containsEntry("K READ", (2L + 1) * 3);
  }

  @Test
  void tileInTheMiddleCanTouchMostHeads() {
    CountedRun run =
        CountedRun.of(
            HEADS,
            "H=5 Hk=2 E=3",
            "for h by 2 { keep K at GlobalBuffer  for h by 1  for e by 1  compute Z on Array2D }");

    // Heads 0, 1 and 2 read key head 0, heads 3 and 4 key head 1.
    assertThat(run.words("DRAM")).containsEntry("K READ", (1L + 2 + 1) * 3);
    assertThat(run.peakWords("GlobalBuffer")).isEqualTo(2 * 3);
  }
}
