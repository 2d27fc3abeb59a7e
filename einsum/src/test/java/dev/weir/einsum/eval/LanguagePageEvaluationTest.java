package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.check.LanguagePageTest;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of docs/language.md runs, and computes what the page says. */
class LanguagePageEvaluationTest {

  private static final long SEED = 20261128;
  private static final Offset<Double> TOLERANCE = Offset.offset(1e-12);
  private static final List<Long> SIZES = List.of(3L, 4L, 2L, 5L);

  /** Whole numbers that are a coordinate of some ranks and lie outside others. */
  private static final InputData.IntegerRange ENTRIES = new InputData.IntegerRange(-1, 4);

  /** One evaluation of an example. */
  private record Run(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> tensors, long seed) {

    static Run of(Cascade cascade, long seed) {
      Shapes shapes = smallShapes(cascade, seed);
      Map<TensorName, DenseTensor> inputs =
          InputData.of(cascade, shapes, InputData.Kind.RANDOM, seed, tables(cascade));
      return new Run(cascade, shapes, ReferenceEvaluator.evaluate(cascade, shapes, inputs), seed);
    }

    double at(String tensor, long... coordinate) {
      return tensors.get(new TensorName(tensor)).get(coordinate);
    }

    int shape(String rank) {
      return Math.toIntExact(shapes.of(new RankName(rank)));
    }
  }

  static Stream<Cascade> examples() {
    return LanguagePageTest.examples().stream()
        .map(example -> CascadeReader.read(example, new Diagnostics()).orElseThrow());
  }

  private static Run example(String name) {
    return Run.of(examples().filter(c -> c.name().equals(name)).findFirst().orElseThrow(), SEED);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplesAgreeWithEvaluationOnDemand(Cascade cascade) {
    for (long seed = SEED; seed < SEED + 3; seed++) {
      Run run = Run.of(cascade, seed);
      Map<TensorName, DenseTensor> inputs =
          InputData.of(cascade, run.shapes(), InputData.Kind.RANDOM, seed, tables(cascade));
      Map<TensorName, DenseTensor> expected =
          DemandEvaluator.evaluate(cascade, run.shapes(), inputs);
      for (Tensor tensor : cascade.tensors()) {
        assertThat(run.tensors().get(tensor.name()).values())
            .as("%s of %s, seed %d", tensor.name(), cascade.name(), seed)
            .usingComparatorWithPrecision(1e-9)
            .containsExactly(expected.get(tensor.name()).values());
      }
    }
  }

  @Test
  void anIterationThatStopsKeepsTheNewestGeneration() {
    Cascade cascade =
        examples().filter(c -> c.name().equals("fixed_point")).findFirst().orElseThrow();
    Shapes shapes = cascade.shapes(Map.of(new RankName("K"), 40L, new RankName("N"), 3L));
    for (long seed = SEED; seed < SEED + 5; seed++) {
      Map<TensorName, DenseTensor> inputs =
          InputData.of(cascade, shapes, InputData.Kind.RANDOM, seed, Map.of());
      Map<TensorName, DenseTensor> tensors = ReferenceEvaluator.evaluate(cascade, shapes, inputs);
      Map<TensorName, DenseTensor> expected = DemandEvaluator.evaluate(cascade, shapes, inputs);
      for (Tensor tensor : cascade.tensors()) {
        assertThat(tensors.get(tensor.name()).values())
            .as("%s, seed %d", tensor.name(), seed)
            .usingComparatorWithPrecision(1e-12)
            .containsExactly(expected.get(tensor.name()).values());
      }
      // W is at most a half, so that differences of steps halve at least.
      DenseTensor x = tensors.get(new TensorName("X"));
      for (int n = 0; n < 3; n++) {
        double w = inputs.get(new TensorName("W")).get(n);
        double a = inputs.get(new TensorName("A")).get(n);
        assertThat(x.get(39, n)).as("step after the stop, seed %d", seed).isZero();
        assertThat(x.get(40, n)).as("seed %d", seed).isCloseTo(a / (1 - w), Offset.offset(1e-3));
      }
    }
  }

  private static Shapes smallShapes(Cascade cascade, long seed) {
    Map<RankName, Long> given = new HashMap<>();
    for (RankName rank : cascade.workloadRanks()) {
      given.put(rank, SIZES.get((int) ((given.size() + seed) % SIZES.size())));
    }
    // The last step of a partition is shorter where 2 does not divide its parent.
    cascade.partitions().forEach(split -> given.put(split.inner(), 2L));
    return cascade.shapes(given);
  }

  private static Map<TensorName, InputData.IntegerRange> tables(Cascade cascade) {
    return cascade.einsums().stream()
        .map(Einsum::tables)
        .flatMap(List::stream)
        .map(Access::tensor)
        .distinct()
        .collect(Collectors.toMap(name -> name, _ -> ENTRIES));
  }

  @Test
  void attentionIsTheSoftmaxOfScores() {
    Run run = example("attention_3pass");
    int keys = run.shape("M");
    for (int p = 0; p < run.shape("P"); p++) {
      double[] weight = new double[keys];
      double sum = 0;
      for (int m = 0; m < keys; m++) {
        double score = 0;
        for (int e = 0; e < run.shape("E"); e++) {
          score += run.at("Q", 0, 0, p, e) * run.at("K", 0, 0, m, e);
        }
        weight[m] = Math.exp(score / Math.sqrt(run.shape("E")));
        sum += weight[m];
      }
      double value = 0;
      for (int m = 0; m < keys; m++) {
        value += weight[m] / sum * run.at("V", 0, 0, m, 0);
      }
      assertThat(run.at("AV", 0, 0, p, 0)).as("p %d, seed %d", p, SEED).isCloseTo(value, TOLERANCE);
    }
  }

  /** A pair of features is one complex number, and a turn a product with another one. */
  @Test
  void rotaryScoresAreThoseOfTurnedPairs() {
    Run run = example("rotary_scores");
    int half = run.shape("R");
    // The tables have a row for each m.
    for (int p = 0; p < Math.min(run.shape("P"), run.shape("M")); p++) {
      for (int m = 0; m < run.shape("M"); m++) {
        double score = 0;
        for (int r = 0; r < half; r++) {
          // Re(q·z(p)·conj(k·z(m))) = Re(q·conj(k)·z(p)·conj(z(m)))
          double[] features =
              product(
                  run.at("Q", p, r), run.at("Q", p, r + half),
                  run.at("K", m, r), -run.at("K", m, r + half));
          double[] turns =
              product(
                  run.at("Cos", p, r), run.at("Sin", p, r),
                  run.at("Cos", m, r), -run.at("Sin", m, r));
          score += product(features[0], features[1], turns[0], turns[1])[0];
        }
        assertThat(run.at("QK", m, p))
            .as("m %d, p %d, seed %d", m, p, SEED)
            .isCloseTo(score, TOLERANCE);
      }
    }
  }

  private static double[] product(double a, double b, double c, double d) {
    return new double[] {a * c - b * d, a * d + b * c};
  }

  @Test
  void anAffineIndexPutsRanksOneAfterAnother() {
    Run run = example("concatenated");
    for (int c = 0; c < run.shape("C"); c++) {
      double expected = c < run.shape("S") ? run.at("A", c, 0) : run.at("B", c - run.shape("S"), 0);
      assertThat(run.at("X", c, 0)).isEqualTo(expected);
    }
  }

  @Test
  void aRunningSumForgetsATenthEachStep() {
    Run run = example("running_sum");
    double sum = 0;
    for (int k = 0; k < run.shape("K"); k++) {
      sum = 0.9 * sum + run.at("A", k, 0);
      assertThat(run.at("S", k + 1, 0)).isCloseTo(sum, TOLERANCE);
    }
    assertThat(run.at("Z", 0)).isCloseTo(sum, TOLERANCE);
  }

  @Test
  void topkChoosesTheLargestUpToP() {
    Run run = example("selection");
    for (int p = 0; p < run.shape("P"); p++) {
      int row = p;
      List<Integer> order = new ArrayList<>();
      for (int m = 0; m <= Math.min(p, run.shape("M") - 1); m++) {
        order.add(m);
      }
      order.sort((one, other) -> Double.compare(run.at("S", row, other), run.at("S", row, one)));
      for (int t = 0; t < run.shape("T"); t++) {
        double chosen = t < order.size() ? order.get(t) : -1;
        assertThat(run.at("J", p, t)).as("p %d, slot %d, seed %d", p, t, SEED).isEqualTo(chosen);
        if (chosen >= 0) {
          assertThat(run.at("R", p, (long) chosen)).isEqualTo(t);
        }
      }
    }
  }

  @Test
  void aMaskedScoreIsEmpty() {
    Run run = example("masks");
    for (int m = 0; m < run.shape("M"); m++) {
      for (int p = 0; p < run.shape("P"); p++) {
        boolean kept = m <= p && m < run.at("N", p);
        assertThat(run.at("C", 0, m, p))
            .isEqualTo(kept ? run.at("S", 0, m, p) : Double.NEGATIVE_INFINITY);
      }
    }
  }

  @Test
  void theMergeOperatorSaysWhereAnOperatorComputes() {
    Cascade cascade = examples().filter(c -> c.name().equals("merging")).findFirst().orElseThrow();
    Shapes shapes = cascade.shapes(Map.of(new RankName("M"), 4L));
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    double[][] values = {{2, 0, 3, 0}, {5, 7, 0, 0}};
    for (int i = 0; i < values.length; i++) {
      DenseTensor tensor = new DenseTensor(new long[] {4}, 0);
      for (int m = 0; m < 4; m++) {
        tensor.set(values[i][m], m);
      }
      inputs.put(new TensorName(List.of("A", "B").get(i)), tensor);
    }
    Map<TensorName, DenseTensor> tensors = ReferenceEvaluator.evaluate(cascade, shapes, inputs);
    assertThat(tensors.get(new TensorName("S")).values()).containsExactly(10, 0, 0, 0);
    // Only where A is present; only where both are.
    assertThat(tensors.get(new TensorName("D")).values()).containsExactly(-3, 0, 3, 0);
    // What a maximum makes is empty at -inf.
    double nothing = Double.NEGATIVE_INFINITY;
    assertThat(tensors.get(new TensorName("X")).values())
        .containsExactly(5, nothing, nothing, nothing);
  }
}
