package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference evaluator and the one on demand agree where orders of evaluation matter most. */
class DemandEvaluatorTest {

  private static final long SEED = 20261130;

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Iterations that stop inside others that stop.
        """
        cascade nested
          ranks     C, T, N
          inputs    A[C,N], W[N] :: uniform(0, 0.5)

          S[0,n]     = 1
          X[c,0,n]   = S[c,n]
          X[c,t+1,n] = A[c,n] + W[n] * X[c,t,n]
          D[c,t]     = abs(X[c,t+1,n] - X[c,t,n]) :: max(n)
          S[c+1,n]   = tanh(X[c,T,n])
          R[c]       = abs(S[c+1,n])
          Z[n]       = S[C,n]
          L[c]       = R[c] + 1
          stop      t when D[c,t] < 1e-1
          stop      c when R[c] > 1.8
          outputs   Z, D, R, L
        """,
        // A stop that reads the new generation and the step; what comes after runs on.
        """
        cascade generations
          ranks     K, N
          inputs    A[N]

          X[0,n]   = 1
          X[k+1,n] = X[k,n] + A[n]
          Z[k,n]   = X[k+1,n] * 2
          Y[n]     = X[K,n]
          V[k,n]   = X[k,n] - 1
          stop      k when X[k+1,0] > 1.5 or k == 2
          outputs   Y, X, Z, V
        """,
        // Negative values follow the ones that reach a sum, and lower it again.
        """
        cascade sums
          ranks     P, M, T = M
          inputs    A[P,M], x[P]

          J[p,t] = A[p,m] :: mass(m, t, x[p])
          N[p]   = 1 | J[p,t] >= 0
          K[p,t] = A[p,m] :: mass(m, t, 0)
          L[p,t] = abs(A[p,m]) :: mass(m, t, -1) | m != 1
          outputs   J, N, K, L
        """,
        // Reads outside of what is made.
        """
        cascade outside
          ranks     P, M
          inputs    A[P,M], J[P]

          B[p,m] = A[p,m] * 2 | m > 0
          X[p]   = B[p+2,1*p] + B[J[p],m-2]
          outputs   X
        """
      })
  void evaluationInOrderAgreesWithEvaluationOnDemand(String text) {
    Diagnostics diagnostics = new Diagnostics();
    Cascade cascade =
        CascadeReader.read(new SourceFile("text", text), diagnostics)
            .orElseThrow(() -> new AssertionError(diagnostics.render()));
    for (long seed = SEED; seed < SEED + 40; seed++) {
      Random random = new Random(seed);
      Map<RankName, Long> given = new HashMap<>();
      cascade.workloadRanks().stream()
          .sorted()
          .forEach(rank -> given.put(rank, 2L + random.nextInt(5)));
      Shapes shapes = cascade.shapes(given);
      InputData.Kind kind = seed % 2 == 0 ? InputData.Kind.RANDOM : InputData.Kind.EXACT_TIES;
      Map<TensorName, DenseTensor> inputs =
          InputData.of(
              cascade,
              shapes,
              kind,
              seed,
              Map.of(
                  new TensorName("J"), new InputData.IntegerRange(-2, 7),
                  new TensorName("x"), new InputData.IntegerRange(-2, 4)));
      Map<TensorName, DenseTensor> expected = DemandEvaluator.evaluate(cascade, shapes, inputs);
      Map<TensorName, DenseTensor> values = ReferenceEvaluator.evaluate(cascade, shapes, inputs);
      for (Tensor tensor : cascade.tensors()) {
        assertThat(values.get(tensor.name()).values())
            .as("%s of %s, seed %d", tensor.name(), cascade.name(), seed)
            .usingComparatorWithPrecision(1e-12)
            .containsExactly(expected.get(tensor.name()).values());
      }
    }
  }
}
