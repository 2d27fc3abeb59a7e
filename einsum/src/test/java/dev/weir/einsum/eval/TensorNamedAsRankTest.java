package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.CompulsoryTraffic;
import dev.weir.einsum.analysis.LiveFootprint;
import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.PassAnalysis;
import dev.weir.einsum.analysis.PassReport;
import dev.weir.einsum.analysis.Taxonomy;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A rank and a tensor with ranks may have one name: the cascade means what it means with another
 * name for the tensor. In the texts that is {@code @}, and the rank is K.
 */
class TensorNamedAsRankTest {

  private static final long SEED = 20261130;
  private static final TensorName SHARED = new TensorName("K");
  private static final TensorName OTHER = new TensorName("Other");

  @ParameterizedTest
  @ValueSource(
      strings = {
        // The last generation.
        """
        cascade c
          ranks     K, D
          inputs    @[K,D]

          S[0,d]   = 0
          S[k+1,d] = 0.5 * S[k,d] + @[k,d]
          Z[d]     = S[K,d]
          outputs   Z
        """,
        // A value.
        """
        cascade c
          ranks     K, D
          inputs    @[K,D]

          X[d] = @[k,d] / K
          outputs   X
        """,
        // A condition, an index and a sum to reach.
        """
        cascade c
          ranks     K, D, T
          inputs    @[K,D], A[K,D]

          X[d]   = @[k,d] | k < K-1
          Y[d]   = @[K-1-d,d]
          W[d,t] = A[k,d] :: mass(k, t, K / 2)
          Z[k,d] = where(k == K-1, A[k,d], @[k,d])
          outputs   X, Y, W, Z
        """,
        // Other shapes, a scalar, a distribution and a function.
        """
        cascade c
          ranks     K, D, N = K - 1
          inputs    @[K,D], J[D] :: integers(0, K - 1)
          scalar    s = K^0.5
          function  f(x) = x / K

          X[d,n] = s * @[J[d],0] * f(@[n+1,d])
          outputs   X
        """,
        // What is made, by an iteration that stops.
        """
        cascade c
          ranks     K, D
          inputs    A[D], W[D] :: uniform(0, 0.5)

          X[0,d]   = 1
          X[k+1,d] = A[d] + W[d] * X[k,d]
          R[k]     = abs(X[k+1,d] - X[k,d]) :: max(d)
          @[d]     = X[K,d]
          stop      k when R[k] < 1e-1
          outputs   @
        """,
        // The variable of the rank.
        """
        cascade c
          ranks     K, D
          inputs    @[K,D]

          Z[d] = @[k,d] * k | k != d
          outputs   Z
        """
      })
  void aRankAndATensorOfOneNameDoNotDisturbEachOther(String text) {
    Cascade shared = read(text.replace("@", SHARED.text()));
    Cascade other = read(text.replace("@", OTHER.text()));
    Map<RankName, Long> given = new HashMap<>();
    shared.workloadRanks().forEach(rank -> given.put(rank, rank.text().equals("K") ? 5L : 3L));
    Shapes shapes = shared.shapes(given);
    Map<TensorName, DenseTensor> inputs =
        InputData.of(other, shapes, InputData.Kind.RANDOM, SEED, Map.of());
    Map<TensorName, DenseTensor> expected = ReferenceEvaluator.evaluate(other, shapes, inputs);

    Map<TensorName, DenseTensor> renamed = new HashMap<>(inputs);
    if (renamed.containsKey(OTHER)) {
      renamed.put(SHARED, renamed.remove(OTHER));
    }
    Map<TensorName, DenseTensor> values = ReferenceEvaluator.evaluate(shared, shapes, renamed);
    expected.forEach(
        (name, tensor) ->
            assertThat(values.get(name.equals(OTHER) ? SHARED : name).values())
                .as("%s, seed %d", name, SEED)
                .containsExactly(tensor.values()));

    assertThat(OperationCount.of(shared, shapes).weighted())
        .isEqualTo(OperationCount.of(other, shapes).weighted());
    assertThat(CompulsoryTraffic.of(shared, shapes).compulsoryWords())
        .isEqualTo(CompulsoryTraffic.of(other, shapes).compulsoryWords());
    assertThat(Taxonomy.of(shared)).isEqualTo(Taxonomy.of(other));
    assertThat(passes(shared)).isEqualTo(passes(other));
    assertThat(LiveFootprint.of(shared, shapes)).isNotNull();
  }

  private static Map<RankName, Integer> passes(Cascade cascade) {
    return PassAnalysis.of(cascade).ranks().stream()
        .collect(Collectors.toMap(PassReport.OfRank::rank, PassReport.OfRank::passes));
  }

  private static Cascade read(String text) {
    Diagnostics diagnostics = new Diagnostics();
    var cascade = CascadeReader.read(new SourceFile("text", text), diagnostics);
    assertThat(diagnostics.render()).isEmpty();
    return cascade.orElseThrow();
  }
}
