package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clauses of loops and keeps: where they are legal, and what is said where they are not. */
class ClauseLegalityTest {

  private static final Cascade RECOMPUTED =
      CascadeBuilder.cascade("c")
          .inputs("Q[P,E]", "V[F]")
          .tensors(0, "S[P]", "T[P]")
          .outputs("Z[P,F]", "Y[P]")
          .einsum("S[p] = Q[p,e]")
          .einsum("Z[p,f] = S[p] * V[f]")
          .einsum("T[p] = Q[p,e]")
          .einsum("Y[p] = T[p] * T[p]")
          .build();

  private static final String RECOMPUTE =
      """
      for f by 1 recompute S {
        keep S at GlobalBuffer
        for p by 1  for e by 1  compute S on Array2D
        for p by 1  compute Z on Array2D
      }
      keep T at GlobalBuffer
      for p by 1  for e by 1  compute T on Array2D
      for p by 1  compute Y on Array2D
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          recompute S | | 'for f by 1' repeats it, but S does not have F | move it out of that loop, or write recompute S there
          for f by 1 recompute S | for f by 2 for f by 1 recompute S | 'for f by 2' repeats it, but S does not have F | move it out of that loop, or write recompute S there
          for p by 1  compute Z | for p by 1 for e by 1  compute Z | 'for e by 1' repeats it, but Z does not have E | move it out of that loop
          recompute S { | recompute S, T { | no compute of T is below | leave T out of recompute
          recompute S { | recompute S, Z { | Z has F, so no iteration repeats it | leave Z out of recompute
          for p by 1  compute Z | for p by 1 for e by 1 recompute Z compute Z | Z is an output and lives at the top level, where it is written once | leave Z out of recompute
          for f by 1 recompute S { keep S at GlobalBuffer | keep S at GlobalBuffer for f by 1 recompute S { | 'for f by 1 recompute S' produces S again and again in this one keep (expected a keep inside) | move the keep of S into that loop
          for f by 1 recompute S { | for f by 1 recompute S flow { | the loop does not drain, so two productions of S would overlap | leave out flow
          for f by 1 recompute S { | for f by 2 recompute S for f by 1 recompute S { | LEGAL |
          """)
  void recompute(String from, String to, String words, String fix) {
    expect(Violation.Reason.RECOMPUTED, RECOMPUTED, RECOMPUTE, from, to, words, fix);
  }

  private static final Cascade SUMS =
      CascadeBuilder.cascade("c")
          .inputs("A[P]", "B[F]")
          .tensors(0, "T[P]")
          .outputs("X[F]", "Y[P]")
          .einsum("T[p] = A[p] * A[p]")
          .einsum("X[f] = T[p] * B[f]")
          .einsum("Y[p] = T[p] * T[p]")
          .build();

  /** X adds up over the tiles of the pipeline. */
  private static final String SUMMING =
      """
      pipeline p by 1 {
        keep T at GlobalBuffer copies 3
        keep X at GlobalBuffer
        stage 0  compute T on Array1D
        stage 1  for f by 1  compute X on Array1D
        stage 2  compute Y on Array1D
      }
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          keep X at GlobalBuffer | keep X at GlobalBuffer double | LEGAL |
          keep X at GlobalBuffer | keep X at GlobalBuffer keep X at GlobalBuffer | LEGAL |
          keep T at GlobalBuffer copies 3 keep X at GlobalBuffer | keep T, X at GlobalBuffer copies 3 | the sums of X would come back for stage 0 before they have left after stage 2 | keep X apart from what other stages use
          keep X at GlobalBuffer | keep X at GlobalBuffer keep X, Y at GlobalBuffer | it is left after stage 1, but 'keep X, Y at GlobalBuffer' stores X to it after stage 2 | keep X apart from what later stages use
          """)
  void sumsLeaveAPipelineBeforeTheyComeBack(String from, String to, String words, String fix) {
    expect(Violation.Reason.HAND_OVER, SUMS, SUMMING, from, to, words, fix);
  }

  @Test
  void sumsOfAFlowLoopLeaveBeforeTheyComeBack() {
    String flowing =
        """
        for p by 2 flow {
          keep T at GlobalBuffer
          keep X at GlobalBuffer
          pipeline p by 1 {
            keep T at GlobalBuffer copies 3
            stage 0  compute T on Array1D
            stage 1  for f by 1  compute X on Array1D
            stage 2  compute Y on Array1D
          }
        }
        """;
    String from = "keep X at GlobalBuffer";
    expect(
        Violation.Reason.HAND_OVER,
        SUMS,
        flowing.replace("keep T at GlobalBuffer\n", "\n"),
        from,
        from,
        "the sums of X would come back for stage 0 before they have left after stage 1",
        "write double");
  }

  @Test
  void whatChangesWithTheLoopIsNotRecomputed() {
    Cascade parts =
        CascadeBuilder.cascade("c")
            .partition("M", "M1", "M0")
            .inputs("B[M]", "W[M0]")
            .tensors(0, "T[M0]")
            .outputs("Y[M1,M0]")
            .einsum("T[m0] = W[m0]")
            .einsum("Y[m1,m0] = B[m1*M0+m0] * T[m0]")
            .build();
    String tree =
        "for m1 by 1 { keep T at GlobalBuffer for m0 by 1 compute T on Array2D"
            + " for m0 by 1 compute Y on Array2D }";

    expect(
        Violation.Reason.RECOMPUTED,
        parts,
        tree,
        "for m1 by 1",
        "for m1 by 1 recompute T",
        "T has M0, whose range changes with M1",
        "leave T out of recompute");
    expect(
        Violation.Reason.RECOMPUTED,
        parts,
        tree,
        "for m1 by 1",
        "for m1 by 1",
        "'for m1 by 1' repeats it, but T does not have M1",
        "move it out of that loop");
  }

  @Test
  void whatHasGenerationsIsNotRecomputed() {
    Cascade running =
        CascadeBuilder.cascade("c")
            .inputs("A[K]", "V[F]")
            .iterative("K", 0, "S[K]")
            .outputs("Z[F]")
            .einsum("S[0] = 0")
            .einsum("S[k+1] = S[k] + A[k]")
            .einsum("Z[f] = S[K] * V[f]")
            .build();
    String tree =
        "for f by 1 { keep S at GlobalBuffer iterate k compute S on Array2D compute Z on Array2D }";

    expect(
        Violation.Reason.RECOMPUTED,
        running,
        tree,
        "for f by 1",
        "for f by 1 recompute S",
        "S has generations, which would begin anew",
        "leave S out of recompute");
    expect(
        Violation.Reason.RECOMPUTED,
        running,
        tree,
        "for f by 1",
        "for f by 1",
        "'for f by 1' repeats it, but S does not have F",
        "move it out of that loop");
  }

  private static final Cascade WINDOW =
      Examples.cascadeFrom(
          """
          cascade c
            ranks P, K, E, F
            inputs A[K], V[F]
            Z[p,f] = A[p+e-1] * V[f]
            outputs Z
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          for p by 1 | spatial p by 1 on Array2D.rows multicast A | MULTICAST_OF_A_DEPENDENT_TENSOR | A differs along P, so its words cannot be shared | leave A out of multicast
          for e by 1 | spatial e by 1 on Array2D.rows multicast A reduce Z | MULTICAST_OF_A_DEPENDENT_TENSOR | A differs along E, so its words cannot be shared | leave A out of multicast
          keep A at GlobalBuffer for p by 1 | keep A at RegisterFile2D spatial p by 1 on Array2D.rows | WRONG_INSTANCE | A is read through an affine index or a head map of P, so several instances of RegisterFile2D would share its words | keep A inside this loop or at another level
          keep A at GlobalBuffer for p by 1 | spatial p by 1 on Array2D.rows { keep A at RegisterFile2D | LEGAL | LEGAL |
          for p by 1 | spatial p by 1 on Array2D.rows | LEGAL | LEGAL |
          keep A at GlobalBuffer for p by 1 | keep A at GlobalBuffer refetch for p by 1 | MISPLACED | no tile slides along a for directly around it, so all are loaded whole anyway | leave out refetch
          keep A at GlobalBuffer for p by 1 | for p by 1 { keep V, A at GlobalBuffer refetch | LEGAL | LEGAL |
          keep A at GlobalBuffer for p by 1 | for p by 1 { keep V at GlobalBuffer refetch | MISPLACED | no tile slides along a for directly around it, so all are loaded whole anyway | leave out refetch
          keep A at GlobalBuffer for p by 1 | for f by 1 for p by 1 for f by 2 { keep A at GlobalBuffer refetch | MISPLACED | no tile slides along a for directly around it, so all are loaded whole anyway | leave out refetch
          """)
  void windows(String from, String to, String reason, String words, String fix) {
    String tree =
        "{ keep A at GlobalBuffer for p by 1 for e by 1 for f by 1 compute Z on Array2D }";
    String closed = to.contains("{") ? tree.replace("Array2D }", "Array2D } }") : tree;

    expect(
        reason.equals("LEGAL")
            ? Violation.Reason.NOT_SUPPORTED_YET
            : Violation.Reason.valueOf(reason),
        WINDOW,
        closed,
        from,
        to,
        words,
        fix);
  }

  private static final String SHIFTED =
      """
      cascade c
        ranks P, E
        inputs Q[P,E]
        S[p] = Q[p,e]
        Z[p] = S[p-1]
        outputs Z
      """;

  private static Judgement shifted(String cascade, String tree) {
    return Legality.judge(
        Problem.of(
            Examples.cascadeFrom(cascade),
            Examples.schedule("schedule s for c " + tree).schedule(),
            ExampleArchitectures.fuseMax(4, 4096),
            Examples.shapes("P=3 E=2")));
  }

  private static void assertSentences(Judgement judgement, String... sentences) {
    assertThat(violations(judgement).stream().map(Violation::sentence)).contains(sentences);
  }

  @Test
  void whatIsProducedAndReadThroughAnyIndexIsCompleteBefore() {
    String producer = "for e by 1 compute S on Array2D ";

    assertThat(
            shifted(
                SHIFTED,
                "keep S at GlobalBuffer for p by 1 "
                    + producer
                    + " for p by 1 compute Z on Array2D"))
        .isEqualTo(new Judgement.Legal());
    assertSentences(
        shifted(
            SHIFTED, "keep S at GlobalBuffer for p by 1 { " + producer + " compute Z on Array2D }"),
        "dependence reversed: it reads any part of S along P before 'for p by 1' has produced all"
            + " of it");
    assertSentences(
        shifted(
            SHIFTED, "for p by 1 { keep S at GlobalBuffer " + producer + " compute Z on Array2D }"),
        "not supported yet: S is used through several indices along P and kept inside 'for p by 1',"
            + " so that its tile would lack what that may ask for");
  }

  @Test
  void whatAConditionReadsIsProducedBeforeAndHasAHome() {
    String cascade = SHIFTED.replace("Z[p] = S[p-1]", "Z[p] = Q[p,e] | S[p] > 0");
    String reader = "for p by 1 for e by 1 compute Z on Array2D ";
    String producer = "for p by 1 for e by 1 compute S on Array2D ";

    assertThat(shifted(cascade, "keep S at GlobalBuffer " + producer + reader))
        .isEqualTo(new Judgement.Legal());
    assertSentences(
        shifted(cascade, "keep S at GlobalBuffer " + reader + producer),
        "dependence reversed: it reads S but comes before 'compute S on Array2D'");
    assertSentences(
        shifted(cascade, "{ keep S at GlobalBuffer " + producer + "} " + reader),
        "nowhere to live: no keep of S is around 'compute S on Array2D' and 'compute Z on"
            + " Array2D'");
  }

  @Test
  void aStageIsNotBeforeWhatStandsAfterItsPipeline() {
    String cascade =
        SHIFTED.replace("Z[p] = S[p-1]", "Z[p] = S[p] * S[p]\n  R = S[p]").replace("Z\n", "Z, R\n");

    assertSentences(
        shifted(
            cascade,
            "keep S at GlobalBuffer keep Z at GlobalBuffer in place of S"
                + " for p by 1 for e by 1 compute S on Array2D"
                + " pipeline p by 1 stage 1 compute Z on Array2D"
                + " for p by 1 compute R on Array2D"),
        "in place: 'compute R on Array2D' needs S after 'compute Z on Array2D' has written over"
            + " it");
  }

  private static final String IN_PLACE =
      """
      cascade c
        ranks P, M = 4, E, F
        inputs Q[P,E], W[M,E], B[P,M], G[F]
        S[p,m] = Q[p,e] * W[m,e]
        R[m] = S[p,m]
        Y[p,m] = S[p,m] * B[p,m]
        Z[p,f] = Y[p,m] * G[f]
        outputs R, Z
      ---
      keep S at GlobalBuffer
      keep Y at GlobalBuffer in place of S
      for p by 1 for m by 1 for e by 1 compute S on Array2D
      for p by 1 for m by 1 compute R on Array2D
      for p by 1 for m by 1 compute Y on Array2D
      for f by 1 for p by 1 for m by 1 compute Z on Array2D
      """;

  /** Each change is made everywhere; several stand with two ampersands between. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GlobalBuffer in place | GlobalBuffer double in place | rooms for several tiles are not shared (got copies or double, expected one tile of Y and S) | leave out copies and double in both keeps
          keep S at GlobalBuffer | keep S at GlobalBuffer copies 2 | rooms for several tiles are not shared (got copies or double, expected one tile of Y and S) | leave out copies and double in both keeps
          keep Y at | keep Y, Z at | one tensor takes the room of another (got 2 tensors, expected 1) | give each a keep of its own
          keep S at GlobalBuffer | keep S at DRAM | Y takes S's room at GlobalBuffer, but 'compute Y on Array2D' finds S by 'keep S at DRAM' | keep Y at DRAM, or leave out in place of S
          in place of S | in place of B | Y takes B's room at GlobalBuffer, but 'compute Y on Array2D' finds B at the top level | keep B at GlobalBuffer around this keep
          for p by 1 for m by 1 compute Y | for p by 1 keep S at RegisterFile2D for m by 1 compute Y | Y takes S's room at GlobalBuffer, but 'compute Y on Array2D' finds S by 'keep S at RegisterFile2D' | leave out in place of S
          for p by 1 for m by 1 compute Y && for f by 1 | for p by 1 { keep Y at RegisterFile2D for m by 1 compute Y && } for f by 1 | Y is not produced directly into this keep | leave out in place of S
          Y[p,m] | Y[m,p] | Y does not read S at the point that it writes, with the same indices in the same order | leave out in place of S
          Y[p,m] | Y[m,p] | Y and S do not follow the same ranks in the same order | leave out in place of S
          * B[p,m] && for p by 1 for m by 1 compute Y | * B[p,m] * Q[p,e] && for p by 1 for m by 1 for e by 1 compute Y | Y reduces, so its first contribution would destroy what the others read | leave out in place of S
          * B[p,m] | * B[p,m] and m < p | Y has a condition, and where it fails the words of S would stay | leave out in place of S
          for p by 1 for m by 1 compute R on Array2D && compute Y on Array2D | && compute Y on Array2D for p by 1 for m by 1 compute R on Array2D | 'compute R on Array2D' needs S after 'compute Y on Array2D' has written over it | put 'compute R on Array2D' before it
          for p by 1 for m by 1 compute R on Array2D && compute Y on Array2D | par { for p by 1 for m by 1 compute R on Array1D && compute Y on Array2D } | 'compute R on Array1D' needs S after 'compute Y on Array2D' has written over it | put 'compute R on Array1D' before it
          for p by 1 for m by 1 compute Y | for f by 1 for p by 1 for m by 1 compute Y | 'compute Y on Array2D' reads S again in the next iteration of 'for f by 1' | leave out in place of S
          outputs R, Z | outputs R, Z, S | 'keep S at GlobalBuffer' writes S back when it ends, so its words are still needed | leave out in place of S
          keep Y at GlobalBuffer in place of S && for p by 1 for m by 1 compute Y && compute Z on Array2D | && for p by 2 { keep Y at GlobalBuffer in place of S for p by 1 for m by 1 compute Y && compute Z on Array2D } | the tiles differ (got Y 10 words, expected the 15 of S) | keep Y directly inside the keep of S
          keep Y at GlobalBuffer in place of S && for p by 1 for m by 1 compute Y && compute Z on Array2D | && for p by 3 { keep Y at GlobalBuffer in place of S for p by 1 for m by 1 compute Y && compute Z on Array2D } | LEGAL |
          keep S at GlobalBuffer keep Y at GlobalBuffer in place of S | keep Y at GlobalBuffer in place of S keep S at GlobalBuffer | LEGAL |
          outputs R, Z | outputs R, Z, Y | LEGAL |
          """)
  void inPlace(String from, String to, String words, String fix) {
    String text = IN_PLACE;
    String[] parts = from.split("&&", -1);
    String[] others = to.split("&&", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i].strip().replace(" ", "\\s+").replaceAll("([\\[\\]*])", "\\\\$1");
      assertThat(text.replaceAll(part, "")).isNotEqualTo(text);
      text = text.replaceAll(part, others[i].strip());
    }
    String[] sides = text.replace(" and m < p", " | m < p").split("---\n", -1);
    expect(
        Violation.Reason.IN_PLACE,
        Examples.cascadeFrom(sides[0]),
        sides[1],
        "compute S",
        "compute S",
        words,
        fix);
  }

  @Test
  void handOverTilesHaveRoomsOfTheirOwn() {
    Cascade cascade =
        Examples.cascadeFrom(
            """
            cascade c
              ranks P
              inputs A[P]
              X[p] = A[p] + 1
              Y[p] = X[p] * X[p]
              Z[p] = Y[p] + 1
              outputs Z
            """);
    String tree =
        """
        pipeline p by 1 {
          keep X at GlobalBuffer
          keep Y at GlobalBuffer in place of X
          stage 0 compute X on Array2D
          stage 0 compute Y on Array2D
          stage 0 compute Z on Array2D
        }
        """;

    expect(
        Violation.Reason.IN_PLACE,
        cascade,
        tree,
        "compute X",
        "compute X",
        "a pipeline's head hands tiles over, so each has room of its own",
        "leave out in place of X");
    expect(
        Violation.Reason.IN_PLACE,
        cascade,
        tree,
        "pipeline p by 1 { keep X at GlobalBuffer keep Y at GlobalBuffer in place of X",
        "keep X at GlobalBuffer keep Y at GlobalBuffer in place of X pipeline p by 1 {",
        "LEGAL",
        "");
  }

  private static final Cascade MASKED =
      Examples.cascadeFrom(
          """
          cascade c
            ranks P, M = 4, E
            inputs Q[P,E], W[M,E], N[P]
            S[p,m] = Q[p,e] * W[m,e] | m <= p
            X[p] = S[p,m] | m < N[p]
            Z[p] = X[p]
            outputs Z
          """);

  private static final String SKIP =
      """
      keep S, X at GlobalBuffer
      for p by 2 for m by 1 skip for p by 1 for e by 1 compute S on Array2D
      for p by 1 for m by 1 compute X on Array2D
      for p by 1 compute Z on Array2D
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          for p by 2 for m by 1 skip | for p by 2 skip for m by 1 skip | LEGAL |
          for e by 1 compute S | for e by 1 skip compute S | the condition of S does not depend on E | leave out skip
          for m by 1 compute X | for m by 1 skip compute X | the condition of X is not decided by coordinates and shapes alone | leave out skip
          for p by 1 compute Z | for p by 1 skip compute Z | Z has no condition, so no iteration is without its points | leave out skip, or move compute Z out of the loop
          for m by 1 skip | for m by 1 skip flow | tiles of a pipeline are numbered through all iterations of a loop that flows into it | leave out skip or flow
          """)
  void skip(String from, String to, String words, String fix) {
    expect(Violation.Reason.SKIP, MASKED, SKIP, from, to, words, fix);
  }

  private static void expect(
      Violation.Reason reason,
      Cascade cascade,
      String tree,
      String from,
      String to,
      String words,
      String fix) {
    String before = tree.replaceAll("\\s+", " ");
    String part = from.replaceAll("\\s+", " ");
    assertThat(before).contains(part);
    String changed = before.replace(part, to == null ? "" : to);
    Schedule schedule = Examples.schedule("schedule s for c " + changed).schedule();
    Judgement judgement =
        Legality.judge(
            Problem.of(
                cascade,
                schedule,
                ExampleArchitectures.fuseMax(4, 4096),
                Examples.shapes("P=3 E=2 F=4 M=5 M0=2 K=3")));
    if (words.equals("LEGAL")) {
      assertThat(judgement).isEqualTo(new Judgement.Legal());
      return;
    }
    assertThat(violations(judgement))
        .anySatisfy(
            violation -> {
              assertThat(violation.reason()).isEqualTo(reason);
              assertThat(violation.message()).isEqualTo(words);
              assertThat(violation.fix()).contains(fix);
            });
  }

  private static List<Violation> violations(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Legal _ -> List.of();
      case Judgement.Illegal illegal -> illegal.violations();
    };
  }
}
