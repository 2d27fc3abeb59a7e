package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.analysis.FuseMaxCascades;
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

class SliceTest {

  private static final long SEED = 20261124;
  private static final TensorName OUTPUT = new TensorName("AV");
  private static final RankName P = new RankName("P");
  private static final RankName H = new RankName("H");

  @Test
  void aSliceOfQueriesAndFeaturesEqualsThatPartOfTheWhole() {
    for (Cascade cascade :
        List.of(
            FuseMaxCascades.cascade4(), FuseMaxCascades.twoPass(), FuseMaxCascades.cascade5())) {
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=13 M0=4 P=9 E=5 F=6");
      Map<TensorName, DenseTensor> inputs = inputs(cascade, shapes);
      DenseTensor whole = ReferenceEvaluator.evaluate(cascade, shapes, inputs).get(OUTPUT);
      List<Long> queries = List.of(7L, 0L, 3L);
      List<Long> features = List.of(5L, 2L);
      DenseTensor slice =
          sliced(cascade, shapes, inputs, Map.of(P, queries, new RankName("F"), features));

      for (int p = 0; p < 3; p++) {
        for (int f = 0; f < 2; f++) {
          assertThat(slice.get(p, f))
              .as("%s, seed %d", cascade.name(), SEED)
              .isEqualTo(whole.get(queries.get(p), features.get(f)));
        }
      }
    }
  }

  @Test
  void masksPositionsAndHeadMapsKeepTheirMeaning() {
    Cascade cascade = groupedCausal();
    Shapes shapes = CascadeBuilder.shapes(cascade, "H=6 G=2 P=9 M=9 E=4 F=3");
    Map<TensorName, DenseTensor> inputs = inputs(cascade, shapes);
    DenseTensor whole = ReferenceEvaluator.evaluate(cascade, shapes, inputs).get(OUTPUT);
    List<Long> heads = List.of(5L, 2L);
    List<Long> queries = List.of(8L, 1L, 4L);
    DenseTensor slice = sliced(cascade, shapes, inputs, Map.of(H, heads, P, queries));

    for (int h = 0; h < 2; h++) {
      for (int p = 0; p < 3; p++) {
        for (int f = 0; f < 3; f++) {
          assertThat(slice.get(h, p, f)).isEqualTo(whole.get(heads.get(h), queries.get(p), f));
        }
      }
    }
  }

  @Test
  void ranksThatAreNotParallelAreRefusedWithTheReason() {
    assertThat(refusal(FuseMaxCascades.cascade4(), "M")).isEqualTo("Einsum GM reduces it");
    assertThat(refusal(FuseMaxCascades.cascade4(), "E")).isEqualTo("its shape is used as a number");
    assertThat(refusal(FuseMaxCascades.cascade5(), "M1"))
        .isEqualTo("it is iterative: each step needs the one before");
    assertThat(refusal(FuseMaxCascades.twoPass(), "M"))
        .isEqualTo("it belongs to the partition of M");
    assertThat(refusal(groupedCausal(), "G"))
        .isEqualTo("Einsum QK uses K at other coordinates of it");
    assertThat(refusal(window(), "P")).isEqualTo("Einsum Z uses A at other coordinates of it");
    assertThat(refusal(stride(), "P")).isEqualTo("Einsum Z computes an index from it");
    assertThat(refusal(shifted(), "S")).isEqualTo("its shape is used as a number");
  }

  @Test
  void aCoordinateOutsideTheShapeIsRefused() {
    Cascade cascade = FuseMaxCascades.cascade4();
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=13 P=9 E=5 F=6");

    assertThat(Slice.evaluate(cascade, shapes, inputs(cascade, shapes), Map.of(P, List.of(9L))))
        .isEqualTo(new Slice.Outcome.Refused(P, "coordinate 9 is outside its shape of 9"));
  }

  private static Cascade groupedCausal() {
    return CascadeBuilder.cascade("grouped, causal, with a position bias")
        .inputs("Q[H,P,E]", "K[G,M,E]", "V[G,M,F]")
        .tensors(Double.NEGATIVE_INFINITY, "QK[H,P,M]", "GM[H,P]")
        .tensors(0, "SN[H,P,M]", "SD[H,P]", "SNV[H,P,F]")
        .outputs("AV[H,P,F]")
        .einsum("QK[h,p,m] = Q[h,p,e] * K[h*G/H,m,e] | m <= p")
        .einsum("GM[h,p] = QK[h,p,m] :: max")
        .einsum("SN[h,p,m] = exp(QK[h,p,m] - GM[h,p]) * (1 + position(h) + position(p))")
        .einsum("SD[h,p] = SN[h,p,m]")
        .einsum("SNV[h,p,f] = SN[h,p,m] * V[h*G/H,m,f]")
        .einsum("AV[h,p,f] = SNV[h,p,f] / SD[h,p]")
        .build();
  }

  private static Cascade window() {
    return CascadeBuilder.cascade("window")
        .inputs("A[P]", "G[W]")
        .outputs("Z[P]")
        .einsum("Z[p] = A[p+w-1] * G[w]")
        .build();
  }

  private static Cascade shifted() {
    String text =
        """
        cascade shifted
          ranks   P, Q, S
          inputs  A[P], B[Q]
          Z[p] = A[p] * B[p+S-1]
          outputs Z
        """;
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("shifted.edge", text), diagnostics).orElseThrow();
  }

  private static Cascade stride() {
    return CascadeBuilder.cascade("stride")
        .inputs("A[M]")
        .outputs("Z[P]")
        .einsum("Z[p] = A[2*p]")
        .build();
  }

  private static String refusal(Cascade cascade, String rank) {
    return Slice.whyNotParallel(new RankName(rank), cascade).orElseThrow();
  }

  private static DenseTensor sliced(
      Cascade cascade,
      Shapes shapes,
      Map<TensorName, DenseTensor> inputs,
      Map<RankName, List<Long>> chosen) {
    Slice.Outcome outcome = Slice.evaluate(cascade, shapes, inputs, chosen);
    assertThat(outcome).isInstanceOf(Slice.Outcome.Evaluated.class);
    return ((Slice.Outcome.Evaluated) outcome).outputs().get(OUTPUT);
  }

  private static Map<TensorName, DenseTensor> inputs(Cascade cascade, Shapes shapes) {
    return InputData.of(cascade, shapes, InputData.Kind.RANDOM, SEED, Map.of());
  }
}
