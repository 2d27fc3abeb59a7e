package dev.weir.einsum.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.analysis.PassAnalysis;
import dev.weir.einsum.analysis.PassReport;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cascade of the zoo agrees with its reference, row by row. */
class ZooTest {

  static final Path ZOO = Path.of("..", "configs", "cascades", "zoo");
  private static final double TOLERANCE = 1e-10;

  static Stream<ZooReference> references() {
    return ZooReferences.ALL.stream();
  }

  @Test
  void aCommentThatSaysTooLittleIsRefused(@TempDir Path folder) throws IOException {
    String cascade = "cascade c\n  ranks M\n  inputs A[M]\n  X[m] = A[m]\n  outputs X\n";
    Path file = Files.writeString(folder.resolve("c.edge"), "# A copy.\n" + cascade);

    assertThatThrownBy(() -> Zoo.of(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "%s:1:1: error: the comment above the cascade says no 'Equation: … Family: … Phase: …"
                + " Passes: M=1. Shapes: …' (got 'A copy.')\n",
            file);
    assertThatThrownBy(() -> Zoo.of(folder.resolve("gone")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("error: cannot list the zoo in %s\n", folder.resolve("gone"));
  }

  @Test
  void everyCascadeHasAReference() throws IOException {
    try (Stream<Path> files = Files.list(ZOO)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".edge", "")))
          .containsExactlyInAnyOrderElementsOf(
              references().map(ZooReference::cascade).collect(Collectors.toList()));
    }
  }

  /** What the comment above a cascade says is what the analysis finds. */
  @Test
  void everyHeaderSaysHowManyPasses() {
    for (ZooEntry entry : Zoo.of(ZOO)) {
      assertThat(entry.source()).startsWith("Zoo ");
      assertThat(entry.passes()).isNotEmpty();
      PassReport report = PassAnalysis.of(entry.cascade());
      entry
          .passes()
          .forEach(
              (rank, passes) ->
                  assertThat(report.passes(rank))
                      .as(entry.cascade().name() + " over " + rank)
                      .isEqualTo(passes));
    }
  }

  @ParameterizedTest
  @MethodSource("references")
  void agreesWithItsReference(ZooReference reference) {
    Cascade cascade = CascadeReader.readFile(ZOO.resolve(reference.cascade() + ".edge"));
    assertThat(reference.workloads()).hasSizeGreaterThanOrEqualTo(3);
    for (Map<String, Long> workload : reference.workloads()) {
      for (long seed = 1; seed <= 4; seed++) {
        agrees(cascade, reference, workload, seed);
      }
    }
  }

  private static void agrees(
      Cascade cascade, ZooReference reference, Map<String, Long> workload, long seed) {
    ZooInputs inputs = ZooInputs.of(cascade, reference, workload, seed);
    Shapes shapes = inputs.shapes();
    Map<TensorName, DenseTensor> actual =
        ReferenceEvaluator.evaluate(cascade, shapes, inputs.tensors());
    Map<String, double[]> expected = reference.outputs(inputs.shapesByName(), inputs.arrays());
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.OUTPUT) {
        String name = tensor.name().text();
        int row =
            Math.toIntExact(tensor.ranks().isEmpty() ? 1 : shapes.of(tensor.ranks().getLast()));
        assertRows(
            reference.cascade() + " " + name + " at " + workload + ", seed " + seed,
            actual.get(tensor.name()).values(),
            expected.get(name),
            row);
      }
    }
  }

  private static void assertRows(String what, double[] actual, double[] expected, int row) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int from = 0; from < expected.length; from += row) {
      double largest = 0;
      for (int i = from; i < from + row; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
      }
      for (int i = from; i < from + row; i++) {
        assertThat(Math.abs(actual[i] - expected[i]))
            .as("%s[%d]: got %s, expected %s", what, i, actual[i], expected[i])
            .isLessThanOrEqualTo(TOLERANCE * largest);
      }
    }
  }
}
