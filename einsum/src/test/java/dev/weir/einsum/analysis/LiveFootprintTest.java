package dev.weir.einsum.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
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
    assertThat(growing(FuseMaxCascades.naiveDeferred())).isEmpty();
    assertThat(growing(FuseMaxCascades.twoPass())).containsExactly("LM", "SLN", "SLD", "PLM");
    assertThat(growing(FuseMaxCascades.twoPassDeferred()))
        .containsExactly("SLNV", "LM", "SLD", "PLM");
  }

  @Test
  void fibersOfThePartsAreShorter() {
    Cascade cascade = FuseMaxCascades.twoPass();
    var shapes = CascadeBuilder.shapes(cascade, "M=100 M0=32 P=3 E=4 F=5");

    assertThat(fiber(cascade, "SLN").words(shapes)).isEqualTo(100);
    assertThat(fiber(cascade, "LM").words(shapes)).isEqualTo(4);
  }

  @Test
  void passesAddTrafficWhereFibersDoNotFit() {
    Cascade cascade = FuseMaxCascades.cascade4();
    CompulsoryTraffic traffic =
        CompulsoryTraffic.of(cascade, CascadeBuilder.shapes(cascade, "M=100 P=30 E=4 F=5"));

    assertThat(traffic.compulsoryWords()).isEqualTo(30 * 4 + 100 * 4 + 100 * 5 + 30 * 5);
    assertThat(traffic.spilledWords(M)).isEqualTo(2 * 2 * 100 * 30);
    assertThat(traffic.spilledWords(new RankName("P"))).isZero();
  }

  @Test
  void inputsSweptTwiceAreReadTwice() {
    Cascade cascade = FuseMaxCascades.cascade1();
    CompulsoryTraffic traffic =
        CompulsoryTraffic.of(cascade, CascadeBuilder.shapes(cascade, "K=100"));

    assertThat(traffic.compulsoryWords()).isEqualTo(201);
    assertThat(traffic.spilledWords(new RankName("K"))).isEqualTo(100);
    assertThat(LiveFootprint.of(cascade).growingWith(new RankName("K")))
        .containsExactly(new TensorName("A"));
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

  private static LiveFootprint.Fiber fiber(Cascade cascade, String tensor) {
    return LiveFootprint.of(cascade).fibers().stream()
        .filter(f -> f.tensor().equals(new TensorName(tensor)) && f.rank().equals(M))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> growing(Cascade cascade) {
    return LiveFootprint.of(cascade).growingWith(M).stream().map(TensorName::text).toList();
  }
}
