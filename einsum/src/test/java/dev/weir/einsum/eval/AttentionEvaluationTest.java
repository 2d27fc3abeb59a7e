package dev.weir.einsum.eval;

import static dev.weir.einsum.eval.AttentionCascades.E;
import static dev.weir.einsum.eval.AttentionCascades.F;
import static dev.weir.einsum.eval.AttentionCascades.M;
import static dev.weir.einsum.eval.AttentionCascades.M0;
import static dev.weir.einsum.eval.AttentionCascades.P;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cascades against softmax attention written directly; shares no code with the evaluator. */
class AttentionEvaluationTest {

  private static final long SEED = 20261124;
  private static final int KEYS = 13;
  private static final int QUERIES = 5;
  private static final int DEPTH = 64;
  private static final int WIDTH = 3;

  /** Small integers and a scale of 2^-3 make scores exact, up to about 1e4, with ties. */
  private static final class Head {

    private final double[][] q;
    private final double[][] k;
    private final double[][] v;
    private final int[] length = {KEYS, 0, 1, KEYS - 1, 7};

    Head(int largest) {
      Random random = new Random(SEED);
      q = matrix(random, QUERIES, DEPTH, largest);
      k = matrix(random, KEYS, DEPTH, largest);
      v = matrix(random, KEYS, WIDTH, 9);
    }

    private static double[][] matrix(Random random, int rows, int columns, int largest) {
      double[][] matrix = new double[rows][columns];
      for (double[] row : matrix) {
        Arrays.setAll(row, _ -> random.nextInt(2 * largest + 1) - largest);
      }
      return matrix;
    }

    double score(int query, int key) {
      double sum = 0;
      for (int e = 0; e < DEPTH; e++) {
        sum += q[query][e] * k[key][e];
      }
      return sum / 8;
    }

    double[] directSoftmax(int query) {
      double highest = Double.NEGATIVE_INFINITY;
      for (int key = 0; key < length[query]; key++) {
        highest = Math.max(highest, score(query, key));
      }
      double weights = 0;
      double[] row = new double[WIDTH];
      for (int key = 0; key < length[query]; key++) {
        double weight = Math.exp(score(query, key) - highest);
        weights += weight;
        for (int f = 0; f < WIDTH; f++) {
          row[f] += weight * v[key][f];
        }
      }
      double total = weights;
      Arrays.setAll(row, f -> total == 0 ? 0 : row[f] / total);
      return row;
    }
  }

  @Test
  void everyFormIsSoftmaxOnModerateScores() {
    Head head = new Head(2);
    assertSoftmax(AttentionCascades.naive(), head, KEYS);
    assertSoftmax(AttentionCascades.threePass(), head, KEYS);
    assertSoftmax(AttentionCascades.onePass(), head, KEYS);
  }

  @Test
  void stableFormsAreSoftmaxOnHugeScoresForAnyTile() {
    Head head = new Head(140);
    double largest = 0;
    for (int query = 0; query < QUERIES; query++) {
      for (int key = 0; key < KEYS; key++) {
        largest = Math.max(largest, Math.abs(head.score(query, key)));
      }
    }
    assertThat(largest).as("seed %d must give large scores", SEED).isGreaterThan(1e4);
    assertSoftmax(AttentionCascades.threePass(), head, KEYS);
    for (int tile = 1; tile <= KEYS + 1; tile++) {
      assertSoftmax(AttentionCascades.onePass(), head, tile);
    }
  }

  @Test
  void theNaiveFormOverflowsOnHugeScores() {
    DenseTensor output = evaluate(AttentionCascades.naive(), new Head(140), KEYS);

    assertThat(Arrays.stream(output.values()).filter(x -> !Double.isFinite(x)).count())
        .isPositive();
  }

  private static void assertSoftmax(Cascade cascade, Head head, int tile) {
    DenseTensor output = evaluate(cascade, head, tile);
    for (int query = 0; query < QUERIES; query++) {
      double[] expected = head.directSoftmax(query);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
      for (int f = 0; f < WIDTH; f++) {
        assertThat(output.get(query, f))
            .as("%s, M0 = %d, query %d, seed %d", cascade.name(), tile, query, SEED)
            .isCloseTo(expected[f], within(1e-12 * largest));
      }
    }
  }

  private static DenseTensor evaluate(Cascade cascade, Head head, int tile) {
    DenseTensor lengths = new DenseTensor(new long[] {QUERIES}, -1);
    for (int query = 0; query < QUERIES; query++) {
      lengths.set(head.length[query], query);
    }
    Shapes shapes =
        Shapes.complete(
            Map.of(
                M,
                (long) KEYS,
                M0,
                (long) tile,
                P,
                (long) QUERIES,
                E,
                (long) DEPTH,
                F,
                (long) WIDTH),
            cascade.partitions());
    return ReferenceEvaluator.evaluate(
            cascade,
            shapes,
            Map.of(
                new TensorName("Q"), dense(head.q),
                new TensorName("K"), dense(head.k),
                new TensorName("V"), dense(head.v),
                new TensorName("N"), lengths))
        .get(new TensorName("AV"));
  }

  private static DenseTensor dense(double[][] matrix) {
    DenseTensor tensor = new DenseTensor(new long[] {matrix.length, matrix[0].length}, 0);
    for (int row = 0; row < matrix.length; row++) {
      for (int column = 0; column < matrix[row].length; column++) {
        tensor.set(matrix[row][column], row, column);
      }
    }
    return tensor;
  }
}
