package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loops visit the points where conditions hold, as brute force finds them, and few others. */
class CandidatesTest {

  private static final long SEED = 20261130;
  private static final int CONDITIONS = 3000;
  private static final RankName M = new RankName("M");

  /** What brute force leaves. */
  private static final class Expected {
    private final double[] byPoint;
    private final double[] byRow;
    private final double[] byColumn;

    private Expected(int rows, int columns) {
      byPoint = new double[rows * columns];
      byRow = new double[rows];
      byColumn = new double[columns];
    }

    static Expected of(RandomConditions.Condition condition, int rows, int columns) {
      Expected expected = new Expected(rows, columns);
      for (int p = 0; p < rows; p++) {
        for (int m = 0; m < columns; m++) {
          if (condition.value().at(p, m)) {
            expected.byPoint[p * columns + m] = m + 1;
            expected.byRow[p] += 3 * (m + 1) * (p + 1);
            expected.byColumn[m] += p + 1;
          }
        }
      }
      return expected;
    }
  }

  @Test
  void randomConditionsLeaveWhatBruteForceLeaves() {
    for (long seed = SEED; seed < SEED + CONDITIONS; seed++) {
      Random random = new Random(seed);
      int rows = 1 + random.nextInt(9);
      int columns = 1 + random.nextInt(40);
      RandomConditions conditions = new RandomConditions(random, rows, columns);
      RandomConditions.Condition condition = conditions.condition(3);
      Cascade cascade = read(condition.text());
      Map<TensorName, DenseTensor> inputs = inputs(conditions, rows, columns);
      Shapes shapes = shapes(cascade, rows, columns);
      Expected expected = Expected.of(condition, rows, columns);
      for (ReferenceEvaluator.Method method : ReferenceEvaluator.Method.values()) {
        Map<TensorName, DenseTensor> actual =
            ReferenceEvaluator.evaluate(cascade, cascade.einsums(), shapes, inputs, method);
        String what = "seed " + seed + ", " + method + ", " + condition.text();
        assertThat(values(actual, "Z")).as(what).containsExactly(expected.byPoint);
        assertThat(values(actual, "R")).as(what).containsExactly(expected.byRow);
        assertThat(values(actual, "C")).as(what).containsExactly(expected.byColumn);
      }
      assertNoneMissing(cascade, condition, shapes, inputs, seed);
    }
  }

  private static void assertNoneMissing(
      Cascade cascade,
      RandomConditions.Condition condition,
      Shapes shapes,
      Map<TensorName, DenseTensor> inputs,
      long seed) {
    for (int p = 0; p < shapes.of(new RankName("P")); p++) {
      boolean[] candidates = candidates(cascade, p, shapes, inputs);
      for (int m = 0; m < candidates.length; m++) {
        if (!candidates[m] && condition.value().at(p, m)) {
          fail("seed %d, %s, p=%d: coordinate %d is missing", seed, condition.text(), p, m);
        }
      }
    }
  }

  /**
   * What a condition leaves in a row of M does not grow with M, and neither does what is looked at.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "m/64 == p/64; 64",
        "p/8 - m/8 < 3 and m <= p; 26",
        "m >= p-128 and not (m > p); 133",
        "p-m < 128 and m <= p or m < 4; 138",
        "not (m > p or m < p-16 and m >= 4); 28",
        "m*W == p*W; 3",
        "m == min(J[p], 5); 3",
        "2*(m/4) - p/2 < 3 and p/2 - m/4*2 <= 1; 16",
        "m % 256 == p % 256; 16",
        "(p-m) % 256 <= 1 and m < 1024; 11",
        "G[p] > 0 and p > m and m+4 > p; 9",
        "p > 4000 and m < 4000; 4096"
      })
  void whatIsLookedAtIsWhatIsLeft(String condition, int most) {
    Cascade cascade = read(condition);
    int size = 4096;
    Random random = new Random(SEED);
    RandomConditions tables = new RandomConditions(random, size, size);
    Map<TensorName, DenseTensor> inputs = inputs(tables, size, size);
    Shapes shapes = shapes(cascade, size, size);
    for (int p = 0; p < size; p += 1 + random.nextInt(100)) {
      boolean[] candidates = candidates(cascade, p, shapes, inputs);
      int count = 0;
      for (boolean candidate : candidates) {
        count += candidate ? 1 : 0;
      }
      assertThat(count).as("%s at p=%d, seed %d", condition, p, SEED).isLessThanOrEqualTo(most);
    }
  }

  /** A comparison that does not depend on the coordinate leaves nothing where it does not hold. */
  @Test
  void aRowThatIsRuledOutIsNotLookedAt() {
    Cascade cascade = read("p == 3 or p > 5 and m < 2");
    Shapes shapes = shapes(cascade, 8, 100);
    Map<TensorName, DenseTensor> inputs =
        inputs(new RandomConditions(new Random(SEED), 8, 100), 8, 100);
    assertThat(candidates(cascade, 2, shapes, inputs)).containsOnly(false);
    assertThat(candidates(cascade, 3, shapes, inputs)).containsOnly(true);
    assertThat(Arrays.copyOfRange(candidates(cascade, 6, shapes, inputs), 4, 100))
        .containsOnly(false);
  }

  @Test
  void remaindersThatNeverMeetLeaveNothing() {
    Map<TensorName, DenseTensor> inputs =
        inputs(new RandomConditions(new Random(SEED), 8, 100), 8, 100);
    for (String condition :
        List.of(
            "m % 2 == 0 and m % 2 == 1",
            "m % 4 == 1 and (m % 2 == 0 or m % 8 == 3)",
            "m % 6 == 1 and (m+p)%3 == 0 and m % 2 == 1")) {
      Cascade cascade = read(condition);
      Shapes shapes = shapes(cascade, 8, 100);
      assertThat(candidates(cascade, 0, shapes, inputs)).as(condition).containsOnly(false);
      assertThat(values(ReferenceEvaluator.evaluate(cascade, shapes, inputs), "Z"))
          .as(condition)
          .hasSize(800);
    }
  }

  private static boolean[] candidates(
      Cascade cascade, int p, Shapes shapes, Map<TensorName, DenseTensor> inputs) {
    PointCompiler compiler = new PointCompiler(cascade, cascade.einsums(), shapes, inputs);
    Condition condition = cascade.einsums().getFirst().condition().orElseThrow();
    Candidates candidates = Candidates.of(NegationNormalForm.of(condition), M, Set.of(), compiler);
    long[] point = compiler.newPoint();
    point[compiler.slot(new RankName("P"))] = p;
    candidates.locate(point);
    boolean[] found = new boolean[Math.toIntExact(shapes.of(M))];
    for (long start = candidates.from(0, found.length), end;
        start < found.length;
        start = candidates.from(end, found.length)) {
      end = Math.min(found.length, candidates.until(start));
      assertThat(end).isGreaterThan(start);
      Arrays.fill(found, (int) start, (int) end, true);
    }
    return found;
  }

  private static double[] values(Map<TensorName, DenseTensor> tensors, String name) {
    return tensors.get(new TensorName(name)).values();
  }

  private static Cascade read(String condition) {
    Diagnostics diagnostics = new Diagnostics();
    String text =
        """
        cascade random "what one condition leaves, by rows, by columns and inside a product"
          ranks   P, M, E, W
          inputs  J[P], G[P], X[M], Y[P,E]
          empty   J = -7, G = -7, X = -7, Y = -7

          Z[p,m] = X[m] | %1$s
          R[p]   = X[m] * Y[p,e] | %1$s
          C[m]   = Y[p,0] | %1$s
          outputs Z, R, C
        """
            .formatted(condition);
    return CascadeReader.read(new SourceFile(condition, text), diagnostics)
        .orElseThrow(() -> new AssertionError(text + diagnostics.render()));
  }

  private static Shapes shapes(Cascade cascade, long rows, long columns) {
    return cascade.shapes(
        Map.of(new RankName("P"), rows, M, columns, new RankName("E"), 3L, new RankName("W"), 3L));
  }

  private static Map<TensorName, DenseTensor> inputs(
      RandomConditions conditions, int rows, int columns) {
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    inputs.put(new TensorName("J"), new DenseTensor(new long[] {rows}, -7, conditions.whole()));
    inputs.put(new TensorName("G"), new DenseTensor(new long[] {rows}, -7, conditions.any()));
    double[] x = new double[columns];
    Arrays.setAll(x, m -> m + 1.0);
    inputs.put(new TensorName("X"), new DenseTensor(new long[] {columns}, -7, x));
    double[] y = new double[rows * 3];
    Arrays.setAll(y, i -> Math.floor(i / 3.0) + 1);
    inputs.put(new TensorName("Y"), new DenseTensor(new long[] {rows, 3}, -7, y));
    return inputs;
  }
}
