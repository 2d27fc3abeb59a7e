package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Format;
import dev.weir.einsum.eval.RoundingErrorEvaluator.FunctionErrors;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nested iterations and those that end early, against plain loops. */
class IterationTest {

  private static final String NESTED =
      """
      cascade nested
        ranks     C, T, N
        inputs    A[C,T,N], B[C,N]

        S[0,n]     = 1
        G[c,n]     = S[c,n] * B[c,n]
        W[c,0,n]   = S[c,n]
        W[c,t+1,n] = 0.5 * W[c,t,n] + A[c,t,n] * G[c,n]
        X[c,t,n]   = W[c,t+1,n] - S[c,n]
        S[c+1,n]   = W[c,T,n]
        Y[n]       = S[C,n]
        outputs   X, Y
      """;

  private static final String STOPPED =
      """
      cascade stopped
        ranks     C, K, N
        inputs    A[C,N], W[C,N]

        Z[0,n]     = 0
        X[c,0,n]   = 1 + Z[c,n]
        X[c,k+1,n] = A[c,n] + W[c,n] * X[c,k,n]
        D[c,k]     = abs(X[c,k+1,n] - X[c,k,n]) :: max(n)
        Z[c+1,n]   = X[c,K,n]
        Y[n]       = Z[C,n]
        stop k when D[c,k] < 1e-3 or k >= 30
        outputs   Y, D
      """;

  @Test
  void anInnerIterationRunsWithinEachStepOfTheOuterOne() {
    int c = 4;
    int t = 3;
    int n = 5;
    Cascade cascade = read(NESTED);
    Shapes shapes = shapes(cascade, Map.of("C", 4L, "T", 3L, "N", 5L));
    Map<TensorName, DenseTensor> inputs =
        InputData.of(cascade, shapes, InputData.Kind.RANDOM, 11, Map.of());
    Map<TensorName, DenseTensor> actual = ReferenceEvaluator.evaluate(cascade, shapes, inputs);
    DenseTensor a = inputs.get(new TensorName("A"));
    DenseTensor b = inputs.get(new TensorName("B"));
    for (int row = 0; row < n; row++) {
      double state = 1;
      for (int chunk = 0; chunk < c; chunk++) {
        double before = state;
        for (int step = 0; step < t; step++) {
          state = 0.5 * state + a.get(chunk, step, row) * (before * b.get(chunk, row));
          assertThat(actual.get(new TensorName("X")).get(chunk, step, row))
              .isCloseTo(state - before, within(1e-15));
        }
      }
      assertThat(actual.get(new TensorName("Y")).get(row)).isCloseTo(state, within(1e-15));
    }
  }

  @Test
  void anIterationEndsWhenItsStopHolds() {
    Cascade cascade = read(STOPPED);
    Shapes shapes = shapes(cascade, Map.of("C", 3L, "K", 50L, "N", 4L));
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    DenseTensor a = new DenseTensor(new long[] {3, 4}, 0);
    DenseTensor w = new DenseTensor(new long[] {3, 4}, 0);
    // The second chunk converges too slowly, so that its stop is the count of steps.
    double[] rates = {0.25, 0.95, 0.5};
    for (int chunk = 0; chunk < 3; chunk++) {
      for (int row = 0; row < 4; row++) {
        a.set(1 + row + 0.5 * chunk, chunk, row);
        w.set(rates[chunk] / (1 + 0.01 * row), chunk, row);
      }
    }
    inputs.put(new TensorName("A"), a);
    inputs.put(new TensorName("W"), w);
    Map<TensorName, DenseTensor> actual = ReferenceEvaluator.evaluate(cascade, shapes, inputs);

    double[] state = new double[4];
    int[] taken = new int[3];
    for (int chunk = 0; chunk < 3; chunk++) {
      double[] x = new double[4];
      for (int row = 0; row < 4; row++) {
        x[row] = 1 + state[row];
      }
      boolean isOver = false;
      while (!isOver && taken[chunk] < 50) {
        double largest = 0;
        for (int row = 0; row < 4; row++) {
          double next = a.get(chunk, row) + w.get(chunk, row) * x[row];
          largest = Math.max(largest, Math.abs(next - x[row]));
          x[row] = next;
        }
        assertThat(actual.get(new TensorName("D")).get(chunk, taken[chunk])).isEqualTo(largest);
        isOver = largest < 1e-3 || taken[chunk] >= 30;
        taken[chunk]++;
      }
      state = x;
    }
    assertThat(taken[0]).isLessThan(15);
    assertThat(taken[1]).isEqualTo(31);
    assertThat(actual.get(new TensorName("Y")).values()).containsExactly(state);
    assertThat(actual.get(new TensorName("D")).get(0, taken[0]))
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  private static final String AFTERWARDS =
      """
      cascade afterwards
        ranks     K, N
        inputs    A[K,N]

        X[k,n]   = A[k,n] * 2
        S[0,n]   = 0
        S[k+1,n] = S[k,n] + X[k+1,n]
        Y[k,n]   = S[k+1,n] - S[K,n]
        outputs   Y
      """;

  /** S needs the next X, so all of X comes first; Y needs the last S, so all of S does. */
  @Test
  void anEinsumThatNeedsMoreThanTheStepsSoFarEndsTheIteration() {
    Cascade cascade = read(AFTERWARDS);
    Shapes shapes = shapes(cascade, Map.of("K", 4L, "N", 3L));
    Map<TensorName, DenseTensor> inputs =
        InputData.of(cascade, shapes, InputData.Kind.EXACT_TIES, 3, Map.of());
    Map<TensorName, DenseTensor> actual = ReferenceEvaluator.evaluate(cascade, shapes, inputs);
    DenseTensor a = inputs.get(new TensorName("A"));
    for (int n = 0; n < 3; n++) {
      double[] sums = new double[5];
      for (int k = 0; k < 4; k++) {
        sums[k + 1] = sums[k] + (k + 1 < 4 ? 2 * a.get(k + 1, n) : 0);
      }
      for (int k = 0; k < 4; k++) {
        assertThat(actual.get(new TensorName("Y")).get(k, n)).isEqualTo(sums[k + 1] - sums[4]);
      }
    }
  }

  @Test
  void whatDependsOnValuesHasNoErrorBoundAndNoSlice() {
    Cascade cascade = read(STOPPED);
    Shapes shapes = shapes(cascade, Map.of("C", 2L, "K", 5L, "N", 4L));
    Map<TensorName, DenseTensor> inputs =
        InputData.of(cascade, shapes, InputData.Kind.RANDOM, 11, Map.of());

    assertThat(Slice.evaluate(cascade, shapes, inputs, Map.of(new RankName("N"), List.of(1L))))
        .isEqualTo(
            new Slice.Outcome.Refused(
                new RankName("N"), "an iteration stops when values of all of it say so"));
    assertThatThrownBy(
            () ->
                RoundingErrorEvaluator.evaluate(
                    cascade, shapes, inputs, Format.SINGLE, FunctionErrors.OPENCL_FULL_PROFILE))
        .hasMessage("the iteration along k stops when values say so: rounding may change when");
  }

  private static Cascade read(String text) {
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("iteration", text), diagnostics)
        .orElseThrow(() -> new AssertionError(diagnostics.render()));
  }

  private static Shapes shapes(Cascade cascade, Map<String, Long> given) {
    Map<RankName, Long> shapes = new HashMap<>();
    given.forEach((rank, shape) -> shapes.put(new RankName(rank), shape));
    return cascade.shapes(shapes);
  }
}
