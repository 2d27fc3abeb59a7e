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
    // A comes, X is computed and goes, comes back, Z is computed and goes.
    assertThat(cycles(Ahead.producedBeside())).isEqualTo(3 * (4 + 8 + 4 + 4 + 8 + 4));
  }

  @Test
  void whatAPartBesideReadsIsStoredBeforeThatGoesOn() {
    assertThat(cycles(Ahead.readBeside())).isEqualTo(3 * (4 + 8 + 4 + 4 + 8 + 4));
  }

  @Test
  void sumsThatGoOnAreNotLoadedBeforeTheyAreStored() {
    // B takes 3 cycles, a tile of A 2 and one of C 4. Tiles of A are others each time, the tile of
    // C is not: it goes, comes back with the next one of A, and takes up sums for 8 cycles.
    assertThat(cycles(Ahead.sumsThatGoOn())).isEqualTo(3 + (2 + 8) + 2 * (4 + 4 + 2 + 8) + 4);
  }

  @Test
  void aHeadKeepTakesItsTileWhenTheStageThatUsesItComesToIt() {
    // A takes 24 cycles. B of the first h, 24 words, comes while stage 0 works for 8 cycles, and
    // stage 1 waits for another 4; the next B has come by then. Seven epochs in all.
    assertThat(cycles(Ahead.headOfALateStage())).isEqualTo(24 + 8 + 4 + 6 * 8);
  }
}
