package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.check.ShippedCascades;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** FuseMax, Cascades 1 to 3 against (Σ A·B)·(Σ A), computed by hand. */
class PedagogicalEvaluationTest {

  @Test
  void allThreeAreTheProductOfTheSums() {
    for (String name :
        List.of("pedagogical_2pass", "pedagogical_deferred", "pedagogical_iterative")) {
      // (1·2 + 3·1 + 2·5) · (1 + 3 + 2)
      assertThat(result(name, new double[] {1, 3, 2}, new double[] {2, 1, 5}))
          .as(name)
          .isCloseTo(90, within(1e-12));
      // The first elements are 0: the running form divides 0 by 0 twice.
      assertThat(result(name, new double[] {0, 4, 1}, new double[] {7, 2, 3}))
          .as(name)
          .isCloseTo(55, within(1e-12));
    }
  }

  /** A·B sums to 0 after two elements, where A sums to 3: what the file warns of. */
  @Test
  void theRunningFormNeedsPartialSumsThatAreNotZero() {
    double[] a = {1, 2, 1};
    double[] b = {2, -1, 5};

    assertThat(result("pedagogical_deferred", a, b)).isEqualTo(20);
    assertThat(result("pedagogical_iterative", a, b)).isEqualTo(5);
  }

  private static double result(String name, double[] a, double[] b) {
    Cascade cascade = ShippedCascades.named(name);
    Shapes shapes =
        Shapes.complete(Map.of(new RankName("K"), (long) a.length), cascade.partitions());
    return ReferenceEvaluator.evaluate(
            cascade, shapes, Map.of(new TensorName("A"), vector(a), new TensorName("B"), vector(b)))
        .get(new TensorName("Z"))
        .get();
  }

  private static DenseTensor vector(double[] values) {
    DenseTensor tensor = new DenseTensor(new long[] {values.length}, 0);
    for (int i = 0; i < values.length; i++) {
      tensor.set(values[i], i);
    }
    return tensor;
  }
}
