package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InputDataTest {

  private static final String TEXT =
      """
      cascade drawn
        ranks     N, M
        inputs    U[N,M] :: uniform(2, 3), G[N,M] :: normal(5, 0.25), H[N,M] :: integers(1, M-1)
        inputs    S[N,M] :: signs(), O[N,M] :: permutation(), B[N,M] :: rising(0, 2*M)

        Y[n,m] = U[n,m] * G[n,m] + S[n,m] + U[n,O[n,m]] + U[n,H[n,m]] + B[n,m]
        outputs   Y
      """;

  private static final int ROWS = 40;
  private static final int COLUMNS = 50;

  private static Map<TensorName, DenseTensor> draw(InputData.Kind kind, long seed) {
    Diagnostics diagnostics = new Diagnostics();
    Cascade cascade =
        CascadeReader.read(new SourceFile("drawn", TEXT), diagnostics)
            .orElseThrow(() -> new AssertionError(diagnostics.render()));
    Shapes shapes =
        cascade.shapes(Map.of(new RankName("N"), (long) ROWS, new RankName("M"), (long) COLUMNS));
    return InputData.of(cascade, shapes, kind, seed, Map.of());
  }

  @Test
  void valuesAreAsTheCascadeSays() {
    Map<TensorName, DenseTensor> drawn = draw(InputData.Kind.RANDOM, 5);

    double[] uniform = drawn.get(new TensorName("U")).values();
    assertThat(Arrays.stream(uniform).boxed())
        .allMatch(value -> value >= 2 && value <= 3 && value == value.floatValue());
    assertThat(Arrays.stream(uniform).average().orElseThrow()).isCloseTo(2.5, within(0.03));

    double[] normal = drawn.get(new TensorName("G")).values();
    double mean = Arrays.stream(normal).average().orElseThrow();
    double variance = Arrays.stream(normal).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    assertThat(mean).isCloseTo(5, within(0.03));
    assertThat(Math.sqrt(variance)).isCloseTo(0.25, within(0.02));

    assertThat(Arrays.stream(drawn.get(new TensorName("H")).values()).distinct().sorted())
        .containsExactlyElementsOf(IntStream.range(1, COLUMNS).mapToObj(i -> (double) i).toList());
    assertThat(Arrays.stream(drawn.get(new TensorName("S")).values()).distinct().sorted())
        .containsExactly(-1.0, 1.0);

    double[] permutations = drawn.get(new TensorName("O")).values();
    double[] boundaries = drawn.get(new TensorName("B")).values();
    for (int row = 0; row < ROWS; row++) {
      int from = row * COLUMNS;
      assertThat(Arrays.stream(permutations, from, from + COLUMNS).sorted())
          .containsExactlyElementsOf(
              IntStream.range(0, COLUMNS).mapToObj(i -> (double) i).toList());
      double[] rising = Arrays.copyOfRange(boundaries, from, from + COLUMNS);
      assertThat(rising).isSorted();
      assertThat(rising[0]).isZero();
      assertThat(rising[COLUMNS - 1]).isEqualTo(2 * COLUMNS);
    }
  }

  /** Data that should provoke something stands for real numbers, never for a table. */
  @Test
  void provokingDataLeavesTablesAlone() {
    Map<TensorName, DenseTensor> drawn = draw(InputData.Kind.LARGE_SCORES, 5);

    assertThat(Arrays.stream(drawn.get(new TensorName("U")).values()).boxed())
        .anyMatch(value -> value < -50);
    assertThat(drawn.get(new TensorName("O")).values())
        .containsExactly(draw(InputData.Kind.RANDOM, 5).get(new TensorName("O")).values());
  }

  @Test
  void anEmptyRangeIsRefused() {
    Diagnostics diagnostics = new Diagnostics();
    String text =
        "cascade c\n ranks N, M\n inputs A[N] :: integers(M, 3)\n Y[n] = A[n] + M\n outputs Y\n";
    Cascade cascade =
        CascadeReader.read(new SourceFile("c", text), diagnostics)
            .orElseThrow(() -> new AssertionError(diagnostics.render()));
    Shapes shapes = cascade.shapes(Map.of(new RankName("N"), 2L, new RankName("M"), 4L));

    assertThatThrownBy(() -> InputData.of(cascade, shapes, InputData.Kind.RANDOM, 1, Map.of()))
        .hasMessage("input A has no values: its distribution runs from 4 to 3");
  }

  @Test
  void aDeviationOfNothingIsRefused() {
    Diagnostics diagnostics = new Diagnostics();
    String text = "cascade c\n ranks N\n inputs A[N] :: normal(0, 1/4)\n Y[n] = A[n]\n outputs Y\n";
    Cascade cascade =
        CascadeReader.read(new SourceFile("c", text), diagnostics)
            .orElseThrow(() -> new AssertionError(diagnostics.render()));
    Shapes shapes = cascade.shapes(Map.of(new RankName("N"), 2L));

    assertThatThrownBy(() -> InputData.of(cascade, shapes, InputData.Kind.RANDOM, 1, Map.of()))
        .hasMessage(
            "input A has no values: its deviation is 0.0 (expected more than 0; shapes and whole"
                + " numbers divide to whole numbers)");
  }
}
