package dev.weir.einsum.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.exact.ExactEvaluator;
import dev.weir.einsum.exact.ExactField;
import dev.weir.einsum.exact.ExactTensor;
import dev.weir.einsum.exact.ExactValue;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exact values of the cascades of the zoo against their references. */
class ExactZooTest {

  private static final double TOLERANCE = 1e-10;

  static Stream<Arguments> referencesAndFields() {
    return ZooReferences.ALL.stream()
        .flatMap(r -> Arrays.stream(ExactField.values()).map(f -> Arguments.of(r, f)));
  }

  /** Real inputs, and whole ones, of which many are 0 or tie; nothing is refused. */
  @ParameterizedTest
  @MethodSource("referencesAndFields")
  void agreesWithItsReference(ZooReference reference, ExactField field) {
    Cascade cascade = CascadeReader.readFile(ZooTest.ZOO.resolve(reference.cascade() + ".edge"));
    Map<String, Long> smallest =
        reference.workloads().stream()
            .min(Comparator.comparingLong(w -> w.values().stream().reduce(1L, (a, b) -> a * b)))
            .orElseThrow();
    for (long seed = 1; seed <= 6; seed++) {
      ZooInputs inputs = ZooInputs.of(cascade, reference, smallest, seed);
      Map<TensorName, ExactTensor> actual =
          ExactEvaluator.evaluate(cascade, inputs.shapes(), inputs.tensors(), field, seed);
      Map<String, double[]> expected = reference.outputs(inputs.shapesByName(), inputs.arrays());
      for (Tensor tensor : cascade.tensors()) {
        if (tensor.role() == Tensor.Role.OUTPUT) {
          assertClose(
              "%s %s at %s over %s, seed %d"
                  .formatted(reference.cascade(), tensor.name(), smallest, field, seed),
              actual.get(tensor.name()).values(),
              expected.get(tensor.name().text()));
        }
      }
    }
  }

  private static void assertClose(String what, ExactValue[] actual, double[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i].approximately() - expected[i]))
          .as("%s[%d]: got %s, expected %s", what, i, actual[i], expected[i])
          .isLessThanOrEqualTo(TOLERANCE * largest);
    }
  }
}
