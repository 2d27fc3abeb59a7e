package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.analysis.RandomCascades;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows of points have, bit for bit, the values of single points. */
class RowEvaluationTest {

  private static final long SEED = 20261128;
  private static final int CASCADES = 400;

  /** Absent for one or the other input, not finite, or of either sign. */
  private static final double[] SPECIAL = {
    0, -0.0, 1, -1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NaN, 1e300, 0.5
  };

  private final Random random = new Random(SEED);
  private long pointsInRows;
  private long pointsAlone;
  private int einsumsWithoutRows;

  @Test
  void irregularCascadesAgree() {
    for (long seed = SEED; seed < SEED + CASCADES; seed++) {
      Cascade cascade = RandomIrregularCascades.of(seed);
      // Rows shorter than the shortest worth it, of some length, longer than the longest.
      long m = List.of(3L, 7L, 20L, Row.CAPACITY + 5L).get(random.nextInt(4));
      String text =
          "M=%d M0=%d P=%d E=%d H=4 Hk=%d"
              .formatted(
                  m,
                  1 + random.nextLong(m),
                  m > 50 ? 2 : 1 + random.nextInt(20),
                  1 + random.nextInt(4),
                  1 + random.nextInt(4));
      assertSame(cascade, CascadeBuilder.shapes(cascade, text), seed);
    }
    assertThat(pointsInRows).isGreaterThan(1_000_000);
    assertThat(pointsAlone).isGreaterThan(10_000);
    assertThat(einsumsWithoutRows).isPositive();
  }

  @Test
  void cascadesThatIterateAgree() {
    for (long seed = SEED; seed < SEED + CASCADES / 2; seed++) {
      Cascade cascade = RandomCascades.conditional(seed);
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=23 M0=6 P=17 F=5");
      assertSame(cascade, shapes, seed);
    }
    assertThat(pointsInRows).isPositive();
  }

  private void assertSame(Cascade cascade, Shapes shapes, long seed) {
    Map<TensorName, DenseTensor> inputs = inputs(cascade, shapes);
    Map<TensorName, DenseTensor> expected =
        ReferenceEvaluator.evaluate(
            cascade, cascade.einsums(), shapes, inputs, ReferenceEvaluator.Method.POINTS);
    Map<TensorName, DenseTensor> actual =
        ReferenceEvaluator.evaluate(
            cascade, cascade.einsums(), shapes, inputs, ReferenceEvaluator.Method.ROWS);
    for (Tensor tensor : cascade.tensors()) {
      double[] wanted = expected.get(tensor.name()).array();
      double[] values = actual.get(tensor.name()).array();
      for (int i = 0; i < wanted.length; i++) {
        if (Double.doubleToLongBits(values[i]) != Double.doubleToLongBits(wanted[i])) {
          assertThat(values[i])
              .as("%s[%d], seed %d, %s", tensor.name(), i, seed, cascade.einsums())
              .isEqualTo(wanted[i]);
        }
      }
    }
    PointCompiler compiler = new PointCompiler(cascade, cascade.einsums(), shapes, actual);
    cascade.einsums().forEach(einsum -> count(einsum, compiler));
  }

  /** Runs the loops of an Einsum once more, without its values. */
  private void count(Einsum einsum, PointCompiler compiler) {
    Accumulator accumulator = new Accumulator(einsum, compiler.tensor(einsum.output().tensor()));
    long[] alone = {0};
    Optional<RowLoops> rows = RowLoops.of(einsum, Set.of(), compiler, accumulator, _ -> alone[0]++);
    if (rows.isEmpty()) {
      einsumsWithoutRows++;
      return;
    }
    rows.get().run(compiler.newPoint());
    long[] all = {0};
    new LoopNest(einsum, Set.of(), compiler).run(compiler.newPoint(), _ -> all[0]++);
    pointsAlone += alone[0];
    pointsInRows += all[0] - alone[0];
  }

  private Map<TensorName, DenseTensor> inputs(Cascade cascade, Shapes shapes) {
    int mostSpecial = random.nextInt(SPECIAL.length + 1);
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        DenseTensor values =
            new DenseTensor(ReferenceEvaluator.shape(tensor, shapes), tensor.empty());
        boolean isTable = Set.of("J", "K", "N").contains(tensor.name().text());
        for (int i = 0; i < values.array().length; i++) {
          values.array()[i] = isTable ? random.nextInt(9) - 1 : value(mostSpecial);
        }
        inputs.put(tensor.name(), values);
      }
    }
    return inputs;
  }

  private double value(int mostSpecial) {
    return random.nextInt(4) < 3 || mostSpecial == 0
        ? random.nextGaussian()
        : SPECIAL[random.nextInt(mostSpecial)];
  }
}
