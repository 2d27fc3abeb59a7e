package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveFootprintTest {

  private static final RankName M = new RankName("M");

  /** FuseMax, section III: O(M) a query for QK and SN, nothing for Cascade 5. */
  @Test
  void fibersThatLiveAreThoseOfFuseMax() {
    assertThat(growing(FuseMaxCascades.cascade4())).containsExactly("QK", "SN");
    assertThat(growing(FuseMaxCascades.cascade4Deferred())).containsExactly("QK");
    assertThat(growing(FuseMaxCascades.cascade5())).isEmpty();
    assertThat(growing(FuseMaxCascades.naive())).containsExactly("SN");
    assertThat(growing(FuseMaxCascades.naiveDeferred())).isEmpty();
    assertThat(growing(FuseMaxCascades.twoPass())).containsExactly("LM", "SLN", "SN");
  }

  /** Tiles of a few keys: numerators of a tile are F words a tile, exponentials M0. */
  @Test
  void theLightestChoiceFollowsTheShapes() {
    Cascade cascade = FuseMaxCascades.twoPassDeferred();

    assertThat(kept(cascade, "M=100 M0=2 P=3 E=4 F=5")).containsExactly("LM M1", "SLN M1 · M0");
    assertThat(kept(cascade, "M=100 M0=50 P=3 E=4 F=5"))
        .containsExactly("LM M1", "SLD M1", "SLNV M1 · F");
  }

  @Test
  void wordsOfFibersAreThoseOfRaggedParts() {
    Cascade cascade = FuseMaxCascades.twoPass();
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=100 M0=32 P=3 E=4 F=5");
    LiveFootprint.Moment moment = LiveFootprint.of(cascade, shapes).of(M).moments().getFirst();

    assertThat(moment.complete()).isEqualTo(new TensorName("GM"));
    assertThat(moment.forEach()).containsExactly(new RankName("P"));
    assertThat(moment.words(shapes)).isEqualTo(100 + 4);
  }

  @Test
  void generationsLiveWhenALaterPassReadsThem() {
    Cascade cascade =
        CascadeBuilder.cascade("prefix sums, normalised")
            .inputs("A[K]")
            .iterative("K", 0, "S[K]")
            .outputs("Z[K]")
            .einsum("S[0] = 0")
            .einsum("S[k+1] = S[k] + A[k]")
            .einsum("Z[k] = S[k+1] / S[K]")
            .build();

    assertThat(LiveFootprint.of(cascade).growingWith(new RankName("K")))
        .containsExactly(new TensorName("S"));
  }

  /** Maximum, denominator and numerators of a query: what makes FlashAttention's state. */
  @Test
  void aGenerationGoesFromStepToStep() {
    Cascade cascade = FuseMaxCascades.cascade5();
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=100 M0=10 P=3 E=4 F=5");
    LiveFootprint.OfRank rank = LiveFootprint.of(cascade, shapes).of(M);

    assertThat(rank.carried())
        .extracting(kept -> kept.tensor() + " " + kept.text())
        .containsExactly("RM P", "RD P", "RNV P · F");
    assertThat(rank.carriedWords(shapes)).isEqualTo(3 + 3 + 3 * 5);
    assertThat(rank.grows()).isFalse();
  }

  /** Which elements a table picks is not known, so none of them lives for certain. */
  @Test
  void whatIsReadThroughATableNeedNotLive() {
    Cascade cascade =
        CascadeBuilder.cascade("picked")
            .inputs("A[M]")
            .table("J[M]")
            .tensors(0, "X[M]", "Y[]")
            .outputs("Z[M]")
            .einsum("X[m] = A[m] * A[m]")
            .einsum("Y[] = X[m]")
            .einsum("Z[m] = X[J[m]] / Y[]")
            .build();

    assertThat(LiveFootprint.of(cascade).growingWith(M)).isEmpty();
  }

  private static List<String> kept(Cascade cascade, String shapes) {
    return LiveFootprint.of(cascade, CascadeBuilder.shapes(cascade, shapes))
        .of(M)
        .moments()
        .getFirst()
        .kept()
        .stream()
        .map(kept -> kept.tensor() + " " + kept.text())
        .sorted()
        .toList();
  }

  private static List<String> growing(Cascade cascade) {
    return LiveFootprint.of(cascade).growingWith(M).stream().map(TensorName::text).toList();
  }
}
