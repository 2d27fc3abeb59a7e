package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.analysis.RandomCascades;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The evaluator against evaluation on demand, which knows neither loops nor an order. */
class RandomEvaluationTest {

  private static final long SEED = 20261124;
  private static final int CASCADES = 150;
  private static final List<InputData.Kind> KINDS = List.of(InputData.Kind.values());

  @Test
  void randomCascadesAgreeOnEveryKindOfData() {
    for (long seed = SEED; seed < SEED + CASCADES; seed++) {
      Cascade cascade =
          seed % 2 == 0 ? RandomCascades.plain(seed) : RandomCascades.conditional(seed);
      InputData.Kind kind = KINDS.get((int) (seed % 3));
      for (String text : new String[] {"M=6 M0=2 P=3 F=2", "M=7 M0=3 P=2 F=2"}) {
        Shapes shapes = CascadeBuilder.shapes(cascade, text);
        assertAgree(cascade, shapes, kind, seed);
      }
    }
  }

  @Test
  void gathersWindowsHeadMapsAndClampsAgree() {
    for (long seed = SEED; seed < SEED + 20; seed++) {
      Cascade cascade =
          CascadeBuilder.cascade("indices")
              .inputs("A[M,F]", "G[W]", "Q[H,F]")
              .table("N[P]")
              .tensors(0, "X[P,F]", "Y[M,F]", "Z[H,F]", "C[M,F]", "S[H,P]", "T[P]")
              .einsum("X[p,f] = A[N[p],f]")
              .einsum("Y[m,f] = A[2*m+w-2,f] * G[w]")
              .einsum("Z[h,f] = A[h*M/H,f] + position(h)")
              .einsum("C[m,f] = A[clamp(m+2, 1, 4),f] | m % 3 != 1")
              .einsum("S[h,p] = Z[h,f] * X[p,f]")
              .einsum("T[p] = S[h,p] :: max")
              .build();
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=6 H=4 P=5 F=3 W=3");
      assertAgree(cascade, shapes, KINDS.get((int) (seed % 3)), seed);
    }
  }

  private static void assertAgree(Cascade cascade, Shapes shapes, InputData.Kind kind, long seed) {
    Map<TensorName, DenseTensor> inputs =
        InputData.of(
            cascade,
            shapes,
            kind,
            seed,
            Map.of(new TensorName("N"), new InputData.IntegerRange(0, 7)));
    Map<TensorName, DenseTensor> expected = DemandEvaluator.evaluate(cascade, shapes, inputs);
    Map<TensorName, DenseTensor> actual = ReferenceEvaluator.evaluate(cascade, shapes, inputs);
    for (Tensor tensor : cascade.tensors()) {
      double[] values = actual.get(tensor.name()).values();
      double[] wanted = expected.get(tensor.name()).values();
      double largest = 1e-300;
      for (double value : wanted) {
        largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
      }
      for (int i = 0; i < wanted.length; i++) {
        boolean isSame =
            Double.compare(values[i], wanted[i]) == 0
                || Math.abs(values[i] - wanted[i]) <= 1e-9 * largest;
        assertThat(isSame)
            .as(
                "%s[%d] is %s, expected %s; %s, %s, seed %d",
                tensor.name(), i, values[i], wanted[i], cascade.einsums(), kind, seed)
            .isTrue();
      }
    }
  }
}
