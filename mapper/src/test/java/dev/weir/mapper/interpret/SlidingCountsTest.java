package dev.weir.mapper.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.example.Examples;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A window that slides loads only what is new. */
class SlidingCountsTest {

  private static final Cascade WINDOW =
      Examples.cascadeFrom(
          """
          cascade c
            ranks P, M, W, F
            inputs A[M], G[W,F]
            Z[p,f] = A[p+w-1] * G[w,f]
            outputs Z
          """);

  private static final String NEST = "for p by 1  for w by 1  for f by 1  compute Z on Array2D\n";

  private static CountedRun window(String tree) {
    return CountedRun.of(WINDOW, "P=5 M=5 W=3 F=2", tree);
  }

  @Test
  void onlyWhatTheEntryBeforeLacksIsLoaded() {
    CountedRun run = window("for p by 2 { keep A at GlobalBuffer " + NEST + "}");

    // Tiles 0-2, 1-4 and 3-4: of the second 3 and 4 are new, of the third nothing.
    assertThat(run.words("DRAM")).containsEntry("A READ", 3L + 2);
    assertThat(run.words("GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("A WRITE", 3L + 2, "A READ", (15L - 2) * 2));
    assertThat(run.peakWords("GlobalBuffer")).isEqualTo(4);
  }

  @Test
  void refetchLoadsAllAgain() {
    CountedRun run = window("for p by 2 { keep A at GlobalBuffer refetch " + NEST + "}");

    assertThat(run.words("DRAM")).containsEntry("A READ", 3L + 4 + 2);
    assertThat(run.words("GlobalBuffer")).containsEntry("A WRITE", 3L + 4 + 2);
  }

  @Test
  void everyRunOfTheLoopBeginsAnew() {
    assertThat(
            window("for f by 1  for p by 2 { keep A at GlobalBuffer " + NEST + "}").words("DRAM"))
        .containsEntry("A READ", 2L * (3 + 2));
  }

  @Test
  void onlyKeepsMayStandBetween() {
    assertThat(
            window("for p by 2 { keep G at GlobalBuffer keep A at GlobalBuffer " + NEST + "}")
                .words("DRAM"))
        .containsEntry("A READ", 3L + 2);
    assertThat(
            window("for p by 2  for f by 2 { keep A at GlobalBuffer " + NEST + "}").words("DRAM"))
        .containsEntry("A READ", 3L + 4 + 2);
    assertThat(window("for p by 2  seq { { keep A at GlobalBuffer " + NEST + "} }").words("DRAM"))
        .containsEntry("A READ", 3L + 4 + 2);
  }

  @Test
  void doubleHasTwiceTheRoom() {
    CountedRun run = window("for p by 2 { keep A at GlobalBuffer double " + NEST + "}");

    assertThat(run.words("DRAM")).containsEntry("A READ", 3L + 2);
    assertThat(run.peakWords("GlobalBuffer")).isEqualTo(2 * 4);
  }

  @Test
  void windowsSlideInWindows() {
    CountedRun run =
        window(
            """
            for p by 2 {
              keep A at GlobalBuffer
              for p by 1 { keep A at RegisterFile2D  for w by 1  for f by 1  compute Z on Array2D }
            }
            """);

    assertThat(run.words("DRAM")).containsEntry("A READ", 3L + 2);
    // 0-1, then 2; 1-3, then 4; 3-4.
    assertThat(run.words("GlobalBuffer"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("A WRITE", 3L + 2, "A READ", 2L + 1 + 3 + 1 + 2));
    assertThat(run.words("RegisterFile2D")).containsEntry("A WRITE", 2L + 1 + 3 + 1 + 2);
  }

  @Test
  void instancesSlideTogether() {
    CountedRun run =
        window(
            """
            keep A at GlobalBuffer
            spatial f by 1 on Array2D.rows multicast A
              for p by 1 { keep A at RegisterFile2D  for w by 1  compute Z on Array2D }
            """);

    // 0-1, then 2, 3 and 4, then nothing.
    assertThat(run.words("GlobalBuffer")).containsEntry("A READ", 5L);
    assertThat(run.words("RegisterFile2D")).containsEntry("A WRITE", 2 * 5L);
  }

  @Test
  void windowThatJumpsHasNothingInCommon() {
    Cascade strided = oneRank("A[3*p+w]");

    assertThat(sliding(strided, "P=3 M=8 W=2").words("DRAM")).containsEntry("A READ", 6L);
  }

  @Test
  void windowSlidesDownToo() {
    // 4-6, then 3, 2, 1 and 0.
    assertThat(sliding(oneRank("A[w-p+4]"), "P=5 M=7 W=3").words("DRAM"))
        .containsEntry("A READ", 7L);
  }

  @Test
  void tileThatChangesInAnotherPlaceTooDoesNotSlide() {
    // Rank p cuts A as well, so that no two tiles have a word in common.
    assertThat(sliding(oneRank("A[p,p+w]"), "P=3 M=5 W=3").words("DRAM"))
        .containsEntry("A READ", 9L);
  }

  private static Cascade oneRank(String access) {
    return Examples.cascadeFrom(
        """
        cascade c
          ranks P, M, W
          inputs A[RANKS], G[W]
          Z[p] = ACCESS * G[w]
          outputs Z
        """
            .replace("ACCESS", access)
            .replace("RANKS", access.contains(",") ? "P,M" : "M"));
  }

  private static CountedRun sliding(Cascade cascade, String shapes) {
    return CountedRun.of(
        cascade, shapes, "for p by 1 { keep A at GlobalBuffer  for w by 1  compute Z on Array2D }");
  }

  @Test
  void rowsOfAnImageAreLoadedOnce() {
    CountedRun run =
        CountedRun.of(
            Examples.cascadeFrom(
                """
                cascade c
                  ranks Y, X, U, W, N, M
                  inputs A[N,M], G[U,W]
                  Z[y,x] = A[2*y+u-1,x+w-1] * G[u,w]
                  outputs Z
                """),
            "Y=3 X=4 U=3 W=2 N=6 M=4",
            """
            for y by 1 {
              keep A at GlobalBuffer
              for x by 1  for u by 1  for w by 1  compute Z on Array2D
            }
            """);

    // Rows 0-1, then 2-3, then 4-5, of 4 columns.
    assertThat(run.words("DRAM")).containsEntry("A READ", 6L * 4);
    assertThat(run.peakWords("GlobalBuffer")).isEqualTo(3 * 4);
  }
}
