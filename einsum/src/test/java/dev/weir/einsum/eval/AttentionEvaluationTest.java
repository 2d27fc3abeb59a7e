package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.check.ShippedCascades;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Shipped cascades against softmax written directly; shares no code with the evaluator. */
class AttentionEvaluationTest {

  private static final long SEED = 20261124;
  private static final int BATCHES = 2;
  private static final int HEADS = 2;
  private static final int KEYS = 7;
  private static final int QUERIES = 5;
  private static final int DEPTH = 64;
  private static final int WIDTH = 3;

  private static final List<String> UNMASKED =
      List.of("attention_3pass", "attention_3pass_deferred", "attention_2pass", "attention_1pass");
  private static final List<String> MASKED =
      List.of("attention_3pass_masked", "attention_1pass_masked");

  /** Small integers and a scale of 2^-3 make scores exact; 140 makes them exceed 1e4. */
  private static final class Workload {

    private final double[][][][] q = new double[BATCHES][HEADS][][];
    private final double[][][][] k = new double[BATCHES][HEADS][][];
    private final double[][][][] v = new double[BATCHES][HEADS][][];
    private final int[] length = {KEYS, 0, 1, KEYS - 1, 4};

    Workload(int largest) {
      Random random = new Random(SEED);
      for (int b = 0; b < BATCHES; b++) {
        for (int h = 0; h < HEADS; h++) {
          q[b][h] = matrix(random, QUERIES, DEPTH, largest);
          k[b][h] = matrix(random, KEYS, DEPTH, largest);
          v[b][h] = matrix(random, KEYS, WIDTH, 9);
          // All scores of a zero query are 0, the value that other tensors call empty.
          Arrays.fill(q[b][h][4], 0);
          // Two equal keys tie in every row.
          k[b][h][3] = k[b][h][0].clone();
        }
      }
    }

    private static double[][] matrix(Random random, int rows, int columns, int largest) {
      double[][] matrix = new double[rows][columns];
      for (double[] row : matrix) {
        Arrays.setAll(row, _ -> random.nextInt(2 * largest + 1) - largest);
      }
      return matrix;
    }

    double score(int batch, int head, int query, int key) {
      double sum = 0;
      for (int e = 0; e < DEPTH; e++) {
        sum += q[batch][head][query][e] * k[batch][head][key][e];
      }
      return sum / 8;
    }

    double largestScore() {
      double largest = 0;
      for (int query = 0; query < QUERIES; query++) {
        for (int key = 0; key < KEYS; key++) {
          largest = Math.max(largest, Math.abs(score(0, 0, query, key)));
        }
      }
      return largest;
    }

    double[] directSoftmax(int batch, int head, int query, int keys) {
      double highest = Double.NEGATIVE_INFINITY;
      for (int key = 0; key < keys; key++) {
        highest = Math.max(highest, score(batch, head, query, key));
      }
      double weights = 0;
      double[] row = new double[WIDTH];
      for (int key = 0; key < keys; key++) {
        double weight = Math.exp(score(batch, head, query, key) - highest);
        weights += weight;
        for (int f = 0; f < WIDTH; f++) {
          row[f] += weight * v[batch][head][key][f];
        }
      }
      double total = weights;
      Arrays.setAll(row, f -> total == 0 ? 0 : row[f] / total);
      return row;
    }
  }

  @Test
  void everyFormIsSoftmaxOnModerateScores() {
    Workload workload = new Workload(2);
    assertSoftmax("attention_naive", workload, KEYS);
    UNMASKED.forEach(name -> assertSoftmax(name, workload, 3));
    MASKED.forEach(name -> assertSoftmax(name, workload, 3));
  }

  @Test
  void stableFormsAreSoftmaxOnHugeScoresForAnyTile() {
    Workload workload = new Workload(140);
    assertThat(workload.largestScore()).as("seed %d", SEED).isGreaterThan(1e4);
    for (String name : UNMASKED) {
      for (int tile = 1; tile <= lastTile(name); tile++) {
        assertSoftmax(name, workload, tile);
      }
    }
    for (String name : MASKED) {
      for (int tile = 1; tile <= lastTile(name); tile++) {
        assertSoftmax(name, workload, tile);
      }
    }
  }

  @Test
  void theNaiveFormOverflowsOnHugeScores() {
    Cascade naive = ShippedCascades.named("attention_naive");
    DenseTensor output = evaluate(naive, new Workload(140), KEYS);

    assertThat(Arrays.stream(output.values()).filter(x -> !Double.isFinite(x)).count())
        .isPositive();
  }

  @Test
  void maskedAndUnmaskedFormsNameTheSameEinsums() {
    for (String name : List.of("attention_3pass", "attention_1pass")) {
      assertThat(einsums(name + "_masked")).isEqualTo(einsums(name));
    }
  }

  private static List<TensorName> einsums(String name) {
    return ShippedCascades.named(name).einsums().stream().map(e -> e.output().tensor()).toList();
  }

  private static int lastTile(String name) {
    return ShippedCascades.named(name).partitions().isEmpty() ? 1 : KEYS + 1;
  }

  private static void assertSoftmax(String name, Workload workload, int tile) {
    Cascade cascade = ShippedCascades.named(name);
    boolean masked = MASKED.contains(name);
    DenseTensor output = evaluate(cascade, workload, tile);
    for (int b = 0; b < BATCHES; b++) {
      for (int h = 0; h < HEADS; h++) {
        for (int query = 0; query < QUERIES; query++) {
          int keys = masked ? workload.length[query] : KEYS;
          double[] expected = workload.directSoftmax(b, h, query, keys);
          double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
          for (int f = 0; f < WIDTH; f++) {
            assertThat(output.get(b, h, query, f))
                .as("%s, M0 = %d, b %d, h %d, query %d, seed %d", name, tile, b, h, query, SEED)
                .isCloseTo(expected[f], within(1e-12 * largest));
          }
        }
      }
    }
  }

  private static DenseTensor evaluate(Cascade cascade, Workload workload, int tile) {
    Map<RankName, Long> shapes = new HashMap<>();
    shapes.put(new RankName("B"), (long) BATCHES);
    shapes.put(new RankName("H"), (long) HEADS);
    shapes.put(new RankName("M"), (long) KEYS);
    shapes.put(new RankName("M0"), (long) tile);
    shapes.put(new RankName("P"), (long) QUERIES);
    shapes.put(new RankName("E"), (long) DEPTH);
    shapes.put(new RankName("F"), (long) WIDTH);
    Shapes complete = Shapes.complete(shapes, cascade.partitions());
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        inputs.put(tensor.name(), input(tensor, complete, workload));
      }
    }
    return ReferenceEvaluator.evaluate(cascade, complete, inputs).get(new TensorName("AV"));
  }

  private static DenseTensor input(Tensor tensor, Shapes shapes, Workload workload) {
    return switch (tensor.name().text()) {
      case "Q" -> dense(tensor, shapes, workload.q);
      case "K" -> dense(tensor, shapes, workload.k);
      case "V" -> dense(tensor, shapes, workload.v);
      case "N" -> lengths(tensor, workload);
      default -> throw new IllegalArgumentException("no values for " + tensor.name());
    };
  }

  private static DenseTensor lengths(Tensor tensor, Workload workload) {
    DenseTensor lengths = new DenseTensor(new long[] {BATCHES, QUERIES}, tensor.empty());
    for (int b = 0; b < BATCHES; b++) {
      for (int query = 0; query < QUERIES; query++) {
        lengths.set(workload.length[query], b, query);
      }
    }
    return lengths;
  }

  private static DenseTensor dense(Tensor tensor, Shapes shapes, double[][][][] values) {
    long[] shape = tensor.ranks().stream().mapToLong(shapes::of).toArray();
    DenseTensor dense = new DenseTensor(shape, tensor.empty());
    for (int b = 0; b < shape[0]; b++) {
      for (int h = 0; h < shape[1]; h++) {
        for (int row = 0; row < shape[2]; row++) {
          for (int column = 0; column < shape[3]; column++) {
            dense.set(values[b][h][row][column], b, h, row, column);
          }
        }
      }
    }
    return dense;
  }
}
