package dev.weir.einsum.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.exact.ExactEvaluator;
import dev.weir.einsum.exact.ExactRefusal;
import dev.weir.einsum.exact.ExactTensor;
import dev.weir.einsum.exact.ExactValue;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Exact values of the cascades of the zoo against their references, and what is refused. */
class ExactZooTest {

  private static final Path ZOO = Path.of("..", "configs", "cascades", "zoo");
  private static final double TOLERANCE = 1e-10;

  @Test
  void everyCascadeAgreesWithItsReference() {
    assertThat(refusals(false)).isEmpty();
  }

  /** Of whole numbers many are 0 or tie. */
  @Test
  void wholeInputsAgreeToo() {
    assertThat(refusals(true)).isEmpty();
  }

  /** What is refused, by cascade; everything else agrees with what is expected. */
  private static Map<String, String> refusals(boolean isWhole) {
    Map<String, String> refusals = new TreeMap<>();
    for (ZooReference reference : ZooReferences.ALL) {
      Cascade cascade = CascadeReader.readFile(ZOO.resolve(reference.cascade() + ".edge"));
      Map<String, Long> smallest =
          reference.workloads().stream()
              .min(Comparator.comparingLong(w -> w.values().stream().reduce(1L, (a, b) -> a * b)))
              .orElseThrow();
      for (long seed = 1; seed <= 3; seed++) {
        try {
          agrees(cascade, reference, smallest, isWhole, seed);
        } catch (ExactRefusal refusal) {
          refusals.put(reference.cascade(), refusal.getMessage());
        }
      }
    }
    return refusals;
  }

  private static void agrees(
      Cascade cascade,
      ZooReference reference,
      Map<String, Long> workload,
      boolean isWhole,
      long seed) {
    Map<RankName, Long> given = new HashMap<>(cascade.defaultShapes());
    workload.forEach((rank, shape) -> given.put(new RankName(rank), shape));
    Shapes shapes = cascade.shapes(given);
    Map<String, Long> byName = new TreeMap<>();
    for (RankName rank : new TreeSet<>(cascade.ranks())) {
      byName.put(rank.text(), shapes.of(rank));
    }
    Random random = new Random(seed);
    Map<String, double[]> special = reference.special(byName, random);
    Map<String, double[]> inputs = new TreeMap<>();
    Map<TensorName, ExactTensor> exact = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        long[] shape = tensor.ranks().stream().mapToLong(shapes::of).toArray();
        double[] drawn = drawn(shape, isWhole, random);
        double[] values = special.getOrDefault(tensor.name().text(), drawn);
        inputs.put(tensor.name().text(), values);
        exact.put(tensor.name(), ExactTensor.of(shape, values));
      }
    }
    Map<TensorName, ExactTensor> actual = ExactEvaluator.evaluate(cascade, shapes, exact, seed);
    Map<String, double[]> expected = reference.outputs(byName, inputs);
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.OUTPUT) {
        assertClose(
            "%s %s at %s, seed %d".formatted(reference.cascade(), tensor.name(), workload, seed),
            actual.get(tensor.name()).values(),
            expected.get(tensor.name().text()));
      }
    }
  }

  private static double[] drawn(long[] shape, boolean isWhole, Random random) {
    int size = 1;
    for (long extent : shape) {
      size = Math.toIntExact(size * extent);
    }
    return isWhole
        ? random.ints(size, -2, 3).asDoubleStream().toArray()
        : random.doubles(size, -1.5, 1.5).toArray();
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
