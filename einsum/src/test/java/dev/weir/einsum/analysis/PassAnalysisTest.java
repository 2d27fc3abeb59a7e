package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PassAnalysisTest {

  private static final RankName M = new RankName("M");
  private static final RankName K = new RankName("K");
  private static final RankName P = new RankName("P");

  /** FuseMax, sections III and IV, and Table I. */
  @Test
  void namedCascadesHaveTheirPublishedPasses() {
    assertThat(PassAnalysis.of(FuseMaxCascades.cascade1()).passes(K)).isEqualTo(2);
    assertThat(PassAnalysis.of(FuseMaxCascades.cascade2()).passes(K)).isEqualTo(1);
    assertThat(PassAnalysis.of(FuseMaxCascades.cascade3()).passes(K)).isEqualTo(1);
    assertThat(PassAnalysis.of(FuseMaxCascades.cascade4()).passes(M)).isEqualTo(3);
    assertThat(PassAnalysis.of(FuseMaxCascades.cascade4Deferred()).passes(M)).isEqualTo(2);
    assertThat(PassAnalysis.of(FuseMaxCascades.twoPass()).passes(M)).isEqualTo(2);
    assertThat(PassAnalysis.of(FuseMaxCascades.twoPassDeferred()).passes(M)).isEqualTo(1);
    assertThat(PassAnalysis.of(FuseMaxCascades.cascade5()).passes(M)).isEqualTo(1);
    assertThat(PassAnalysis.of(FuseMaxCascades.naive()).passes(M)).isEqualTo(2);
    assertThat(PassAnalysis.of(FuseMaxCascades.naiveDeferred()).passes(M)).isEqualTo(1);
  }

  @Test
  void otherRanksNeedOnePassAndPartsAnswerForTheirRank() {
    PassReport report = PassAnalysis.of(FuseMaxCascades.cascade5());

    for (String rank : List.of("P", "E", "F", "M1", "M0")) {
      assertThat(report.passes(new RankName(rank))).as(rank).isEqualTo(1);
    }
    assertThatThrownBy(() -> report.passes(new RankName("X")))
        .hasMessage("cascade Cascade 5 has no rank X");
  }

  @Test
  void theExplanationNamesEveryBarrier() {
    assertThat(PassAnalysis.of(FuseMaxCascades.cascade4()).text())
        .contains(
            """
            rank M: 3 passes
              pass 1: QK, GM
              pass 2: SN, SD
              pass 3: A, AV
              pass 1 must end first: GM reduces all of it (m of QK); SN needs that at every m and reads QK again in pass 2
              pass 2 must end first: SD reduces all of it (m of SN); A needs that at every m and reads SN again in pass 3
              QK is needed in passes 1, 2: its whole m-fiber stays or travels
              SN is needed in passes 2, 3: its whole m-fiber stays or travels
              times that m-fibers are swept over: A 1, K 1, QK 2, SN 2, V 1; if no whole fiber is kept from pass to pass: K 3, V 1
            """);
  }

  @Test
  void aBarrierNamesWhatCarriesTheValueOn() {
    PassReport.OfRank report = PassAnalysis.of(FuseMaxCascades.twoPass()).of(M);

    assertThat(report.barriers())
        .singleElement()
        .isEqualTo(
            new PassReport.Barrier(
                1,
                new TensorName("GM"),
                List.of(new TensorName("LM")),
                PassReport.Completion.REDUCTION,
                List.of(new TensorName("GM"), new TensorName("PLM")),
                new TensorName("SN"),
                List.of(new TensorName("SLN")),
                List.of()));
  }

  @Test
  void anEinsumAfterTheLastGenerationThatReadsTheFiberAgainOpensAPass() {
    Cascade cascade =
        CascadeBuilder.cascade("iterative, then again")
            .inputs("A[K]")
            .iterative("K", 0, "S[K]")
            .outputs("Z[K]")
            .einsum("S[0] = 0")
            .einsum("S[k+1] = S[k] + A[k]")
            .einsum("Z[k] = A[k] / S[K]")
            .build();
    PassReport report = PassAnalysis.of(cascade);

    assertThat(report.passes(K)).isEqualTo(2);
    assertThat(report.text())
        .contains(
            "pass 1 must end first: Z reads the last generation (k of S); Z needs that at every k"
                + " and reads A again in pass 2");
  }

  @Test
  void shiftsAndWindowsStreamButGathersAndForeignVariablesWait() {
    assertThat(passesOverX("Z[m] = X[m-1] * X[m]")).isEqualTo(1);
    assertThat(passesOverX("Z[m] = X[m+w-2] * G[w]")).isEqualTo(1);
    assertThat(passesOverX("Z[m] = X[clamp(m-3, 0, 7)]")).isEqualTo(1);
    assertThat(passesOverX("Z[m] = X[J[m]]")).isEqualTo(2);
    assertThat(passesOverX("Z[m] = A[m] | m < X[m]")).isEqualTo(1);
    assertThat(passesOverX("Z[m] = X[2*m]")).isEqualTo(2);
    assertThat(passesOverX("Z[m] = A[m] * X[n]")).isEqualTo(2);
    assertThat(passesOverX("Z[m] = A[m] | m < X[J[m]]")).isEqualTo(2);
  }

  @Test
  void layersThatNormaliseNeedTheirPassesForEachLayer() {
    Cascade cascade =
        CascadeBuilder.cascade("layers")
            .inputs("A[M]")
            .tensors(0, "S[L]")
            .iterative("L", 0, "X[L,M]")
            .outputs("Z[M]")
            .einsum("X[0,m] = A[m]")
            .einsum("S[l] = X[l,m] * X[l,m]")
            .einsum("X[l+1,m] = X[l,m] / S[l]")
            .einsum("Z[m] = X[L,m]")
            .build();

    assertThat(PassAnalysis.of(cascade).text()).contains("rank M: 2 passes for each step of L");
  }

  @Test
  void aRecurrenceThatNeedsItsOwnEndIsRefused() {
    Cascade cascade =
        CascadeBuilder.cascade("impossible")
            .inputs("A[K]")
            .tensors(0, "Y[]")
            .iterative("K", 0, "S[K]")
            .einsum("S[k+1] = S[k] + Y[] * A[k]")
            .einsum("Y[] = S[K]")
            .build();

    assertThatThrownBy(() -> PassAnalysis.of(cascade))
        .hasMessageMatching(
            "Einsum [SY] needs a value that depends on its own last generation along K");
  }

  @Test
  void whatComesFromInputsAloneWaitsForItsReader() {
    Cascade cascade =
        CascadeBuilder.cascade("late projection")
            .inputs("A[M]", "B[M]")
            .tensors(0, "Y[]", "C[M]")
            .outputs("Z[M]")
            .einsum("Y[] = A[m]")
            .einsum("C[m] = B[m] * B[m]")
            .einsum("Z[m] = C[m] / Y[]")
            .build();
    PassReport.OfRank report = PassAnalysis.of(cascade).of(M);

    assertThat(report.tensors().stream().map(t -> t.tensor() + " " + t.passes()))
        .containsExactly("A [1]", "B [2]", "C [2]", "Z [2]");
    assertThat(report.barriers().getFirst().firstReads()).isEmpty();
  }

  private static int passesOverX(String last) {
    Cascade cascade =
        CascadeBuilder.cascade("indices")
            .inputs("A[M]", "G[W]")
            .table("J[M]")
            .tensors(0, "X[M]")
            .outputs("Z[M]")
            .einsum("X[m] = A[m] * A[m]")
            .einsum(last)
            .build();
    return PassAnalysis.of(cascade).passes(M);
  }

  /** S goes through all of X, by whichever rank. */
  @Test
  void aRankOfTheSameShapeStandsForAnother() {
    Cascade byItself = read("S = X[p]", "Y[p] = X[p] - S");
    Cascade byAnother = read("S = X[1*m]", "Y[p] = X[p] - S");
    Cascade ofACopy = read("Z[p] = X[p]", "S = Z[1*m]", "Y[p] = X[p] - S");
    Cascade elsewhere = read("S = X[1*n]", "Y[p] = X[p] - S");

    assertThat(List.of(byItself, byAnother, ofACopy))
        .allSatisfy(c -> assertThat(PassAnalysis.of(c).passes(P)).isEqualTo(2));
    assertThat(BarrierSearch.passes(ofACopy, shapes(ofACopy, 5), P)).isEqualTo(2);
    assertThat(PassAnalysis.of(elsewhere).passes(P)).isEqualTo(1);
    assertThat(ForcedTraffic.of(byAnother, shapes(byAnother, 100), 30).words())
        .isEqualTo(ForcedTraffic.of(byItself, shapes(byItself, 100), 30).words())
        .isEqualTo(70);
    assertThat(PassAnalysis.of(byAnother).text())
        .contains("pass 1 must end first: S reduces all of it (p of X); Y needs that at every p");
  }

  /** Keys of self-attention need all tokens before the first query is done. */
  @Test
  void keysOfSelfAttentionGoThroughAllTokens() {
    Cascade cascade =
        read(
            "K[m]   = 3 * X[1*m]",
            "S[p,m] = X[p] * K[m]",
            "G[p]   = S[p,m] :: max(m)",
            "Y[p]   = X[p] + G[p]");

    assertThat(PassAnalysis.of(cascade).passes(P)).isEqualTo(2);
    assertThat(PassAnalysis.of(cascade).text())
        .contains("pass 1 must end first: K reads all of it by another rank (p of X)");
  }

  @Test
  void aKnownCoordinateIsNoSweep() {
    Cascade last = read("B[p] = X[p] * X[p]", "L = B[P-1]", "Y[p] = L * X[p]");
    Cascade first = read("B[p] = X[p] * X[p]", "L = B[0]", "Y[p] = L * B[p]");
    Cascade ofAnInput = read("L = X[P-1]", "Y[p] = L * X[p]");

    assertThat(PassAnalysis.of(last).text()).contains("swept over: B 1, X 2, Y 1");
    assertThat(PassAnalysis.of(first).passes(P)).isEqualTo(1);
    assertThat(PassAnalysis.of(first).passes(P))
        .isEqualTo((int) SweepSearch.sweeps(first, shapes(first, 5), P));
    assertThat(PassAnalysis.of(ofAnInput).text()).doesNotContain("X 2");
  }

  private static Shapes shapes(Cascade cascade, long tokens) {
    return cascade.shapes(Map.of(P, tokens, new RankName("N"), 3L));
  }

  private static Cascade read(String... einsums) {
    String text =
        """
        cascade sequence
          ranks   P, M = P, N
          inputs  X[P]
          %s
          outputs Y
        """
            .formatted(String.join("\n  ", einsums));
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("sequence.edge", text), diagnostics)
        .orElseThrow(() -> new AssertionError(diagnostics.render()));
  }
}
