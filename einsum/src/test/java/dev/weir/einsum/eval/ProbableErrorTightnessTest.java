package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.analysis.FuseMaxCascades;
import dev.weir.einsum.eval.FloatAttention.Order;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Bounded;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How far bounds are above the errors of attention in float, in every order of summation. */
class ProbableErrorTightnessTest {

  private static final long SEED = 20261129;
  private static final int QUERIES = 8;
  private static final int KEYS = 1536;
  private static final int WIDTH = 64;
  private static final int TILE = 64;
  private static final double MOST_TIMES = 100;

  /** One way to compute the outputs of a query. */
  @FunctionalInterface
  private interface Program {
    float[] run(FloatAttention with, float[] query, float[][] keys, float[][] columns, float scale);
  }

  @Test
  void threePasses() {
    check(
        FuseMaxCascades.cascade4(), (with, q, k, v, scale) -> with.inPasses(q, k, v, scale, false));
  }

  @Test
  void deferredDivision() {
    check(
        FuseMaxCascades.cascade4Deferred(),
        (with, q, k, v, scale) -> with.inPasses(q, k, v, scale, true));
  }

  @Test
  void onePass() {
    check(
        FuseMaxCascades.cascade5(),
        (with, q, k, v, scale) -> with.inOnePass(q, k, v, scale, TILE, false));
  }

  @Test
  void onePassThatAddsProductsToTheNumerator() {
    check(
        FuseMaxCascades.cascade5(),
        (with, q, k, v, scale) -> with.inOnePass(q, k, v, scale, TILE, true));
  }

  private static void check(Cascade cascade, Program program) {
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=1536 M0=64 P=8 E=64 F=64");
    Map<TensorName, DenseTensor> inputs =
        InputData.of(cascade, shapes, InputData.Kind.RANDOM, SEED, Map.of());
    Bounded bounded =
        ProbableErrorEvaluator.evaluate(cascade, shapes, inputs, Precision.SINGLE)
            .get(new TensorName("AV"));
    for (Order order : Order.values()) {
      double share =
          share(bounded, inputs, new FloatAttention(order, new Random(SEED), 0), program);
      double most = isLoop(order) ? MOST_TIMES : 2.5 * MOST_TIMES;
      assertThat(1 / share)
          .as("bound of %s, %s, in largest errors, seed %d", cascade.name(), order, SEED)
          .isBetween(1.0, most);
    }
  }

  /** A tree over all keys errs less than a loop does, and the bound covers loops. */
  private static boolean isLoop(Order order) {
    return switch (order) {
      case FORWARDS, BACKWARDS, SHUFFLED, FUSED -> true;
      case PAIRWISE, BLOCKED, LANES -> false;
    };
  }

  /** Largest error as a share of its bound. */
  private static double share(
      Bounded bounded, Map<TensorName, DenseTensor> inputs, FloatAttention with, Program program) {
    float[][] keys = rows(inputs.get(new TensorName("K")), KEYS);
    float[][] columns = new float[WIDTH][KEYS];
    float[][] values = rows(inputs.get(new TensorName("V")), KEYS);
    for (int m = 0; m < KEYS; m++) {
      for (int f = 0; f < WIDTH; f++) {
        columns[f][m] = values[m][f];
      }
    }
    float[][] queries = rows(inputs.get(new TensorName("Q")), QUERIES);
    double most = 0;
    for (int p = 0; p < QUERIES; p++) {
      float[] result = program.run(with, queries[p], keys, columns, 0.125f);
      for (int f = 0; f < WIDTH; f++) {
        double error = Math.abs(result[f] - bounded.value().get(p, f));
        most = Math.max(most, error / bounded.bound().get(p, f));
      }
    }
    return most;
  }

  private static float[][] rows(DenseTensor tensor, int rows) {
    float[][] result = new float[rows][WIDTH];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < WIDTH; column++) {
        result[row][column] = (float) tensor.get(row, column);
      }
    }
    return result;
  }
}
