package dev.weir.simulator.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a double keep must not run ahead: what it would bring is not there, or not yet right. */
class AheadTest {

  /** Two words a cycle, so that a tile of eight words takes four cycles. */
  private static final SmallArray ARRAY = SmallArray.withDram(2);

  /** Both engines, and the right values. */
  private static long cycles(Problem problem) {
    Map<TensorName, DenseTensor> inputs = SmallArray.inputs(problem);
    PeRun run = PeSimulator.simulate(problem, inputs);
    assertThat(Simulator.simulate(problem, SimulationOptions.QUIET)).isEqualTo(run.result());
    Map<TensorName, DenseTensor> expected =
        ReferenceEvaluator.evaluate(problem.cascade(), problem.shapes(), inputs);
    run.outputs()
        .forEach(
            (name, tensor) -> assertThat(tensor.values()).isEqualTo(expected.get(name).values()));
    return run.result().cycles();
  }

  @Test
  void aTileThatAPartBesideProducesIsNotLoadedAheadOfIt() {
    Problem problem =
        ARRAY.squares(
            "H=3 N=1 W=8",
            """
              for h by 1  interleave V {
                { keep A, X at Buffer  for n by 1  for w by 1  compute X on V }
                { keep X at Buffer double  keep Z at Buffer  for n by 1  for w by 1  compute Z on V }
              }
            """);

    // A comes, X is computed and goes, comes back, Z is computed and goes.
    assertThat(cycles(problem)).isEqualTo(3 * (4 + 8 + 4 + 4 + 8 + 4));
  }

  @Test
  void whatAPartBesideReadsIsStoredBeforeThatGoesOn() {
    Problem problem =
        ARRAY.squares(
            "H=3 N=1 W=8",
            """
              for h by 1  interleave V {
                { keep A at Buffer  keep X at Buffer double  for n by 1  for w by 1  compute X on V }
                { keep X, Z at Buffer  for n by 1  for w by 1  compute Z on V }
              }
            """);

    assertThat(cycles(problem)).isEqualTo(3 * (4 + 8 + 4 + 4 + 8 + 4));
  }

  @Test
  void sumsThatGoOnAreNotLoadedBeforeTheyAreStored() {
    Problem problem =
        ARRAY.product(
            "M=4 N=2 K=3",
            """
              keep B at Buffer
              for k by 1 {
                keep A, C at Buffer double
                for m by 1  for n by 1  compute C on Array
              }
            """);

    // B takes 3 cycles, a tile of A 2 and one of C 4. Tiles of A are others each time, the tile of
    // C is not: it goes, comes back with the next one of A, and takes up sums for 8 cycles.
    assertThat(cycles(problem)).isEqualTo(3 + (2 + 8) + 2 * (4 + 4 + 2 + 8) + 4);
  }

  @Test
  void aHeadKeepTakesItsTileWhenTheStageThatUsesItComesToIt() {
    Problem problem =
        ARRAY.problem(
            """
            cascade scaled "squares, scaled"
              ranks H, N, W
              inputs A[H,N,W], B[H,N,W]
              X[h,n,w] = A[h,n,w] * A[h,n,w]
              Z[h,n,w] = X[h,n,w] * B[h,n,w]
              outputs Z
            """,
            """
            schedule s for scaled
              keep A at Buffer
              for h by 1 flow {
                keep B at Buffer double
                pipeline n by 1 {
                  keep X at Buffer copies 2
                  keep B at Buffer
                  par {
                    stage 0  for w by 1  compute X on Array
                    stage 1  for w by 1  compute Z on V
                  }
                }
              }
            """,
            "H=2 N=3 W=8");

    // A takes 24 cycles. B of the first h, 24 words, comes while stage 0 works for 8 cycles, and
    // stage 1 waits for another 4; the next B has come by then. Seven epochs in all.
    assertThat(cycles(problem)).isEqualTo(24 + 8 + 4 + 6 * 8);
  }
}
