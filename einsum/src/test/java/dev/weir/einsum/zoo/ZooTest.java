package dev.weir.einsum.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.PassAnalysis;
import dev.weir.einsum.analysis.PassReport;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cascade of the zoo agrees with its reference, row by row. */
class ZooTest {

  private static final Path ZOO = Path.of("..", "configs", "cascades", "zoo");
  private static final double TOLERANCE = 1e-10;

  static Stream<ZooReference> references() {
    return ZooReferences.ALL.stream();
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
      for (long seed = 1; seed <= 2; seed++) {
        agrees(cascade, reference, workload, seed);
      }
    }
  }

  private static void agrees(
      Cascade cascade, ZooReference reference, Map<String, Long> workload, long seed) {
    Map<RankName, Long> given = new HashMap<>(cascade.defaultShapes());
    workload.forEach((rank, shape) -> given.put(new RankName(rank), shape));
    Shapes shapes = cascade.shapes(given);
    Map<String, Long> byName = new TreeMap<>();
    for (RankName rank : new TreeSet<>(cascade.ranks())) {
      byName.put(rank.text(), shapes.of(rank));
    }
    Random random = new Random(seed);
    Map<String, double[]> special = reference.special(byName, random);
    Map<TensorName, DenseTensor> tensors = new HashMap<>();
    Map<String, double[]> inputs = new TreeMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        long[] shape = tensor.ranks().stream().mapToLong(shapes::of).toArray();
        DenseTensor filled = new DenseTensor(shape, tensor.empty());
        double[] drawn = random.doubles(filled.values().length, -1.5, 1.5).toArray();
        double[] values = special.getOrDefault(tensor.name().text(), drawn);
        fill(filled, values);
        tensors.put(tensor.name(), filled);
        inputs.put(tensor.name().text(), values);
      }
    }
    Map<TensorName, DenseTensor> actual = ReferenceEvaluator.evaluate(cascade, shapes, tensors);
    Map<String, double[]> expected = reference.outputs(byName, inputs);
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

  private static void fill(DenseTensor tensor, double[] values) {
    long[] shape = tensor.shape();
    long[] at = new long[shape.length];
    for (double value : values) {
      tensor.set(value, at);
      for (int i = shape.length - 1; i >= 0; i--) {
        at[i]++;
        if (at[i] < shape[i]) {
          break;
        }
        at[i] = 0;
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
