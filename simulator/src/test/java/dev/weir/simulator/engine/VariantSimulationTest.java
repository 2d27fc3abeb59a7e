package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.ScheduleReader;
import dev.weir.simulator.stats.SimulationResult;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Variants of operations take their own intervals in both engines, as in the cost model. */
class VariantSimulationTest {

  private static final String MACHINE =
      """
      architecture: small
      clock: 1 GHz
      word: 32 bit
      memories:
        - name: DRAM
      units:
        - name: Core
          axes:
            lanes: {width: 2}
          operations:
            relu: {interval: 7 cycles}
          variants:
            relu_fast: {of: relu, interval: 3 cycles}
          reads: [DRAM]
          writes: [DRAM]
      """;

  private static final String CASCADE =
      """
      cascade c
        ranks P
        inputs A[P]
        X[p] = relu(A[p])
        Y[p] = relu(A[p])
        outputs X, Y
      """;

  private static Problem problem(String x) {
    Diagnostics diagnostics = new Diagnostics();
    Architecture machine =
        ArchitectureReader.read(new SourceFile("a.yaml", MACHINE), diagnostics).orElseThrow();
    Cascade cascade =
        CascadeReader.read(new SourceFile("c.edge", CASCADE), diagnostics).orElseThrow();
    String tree =
        "schedule s for c for p by 1 compute X on Core" + x + " for p by 1 compute Y on Core";
    return Problem.of(
        cascade,
        ScheduleReader.read(new SourceFile("s.schedule", tree), diagnostics)
            .orElseThrow()
            .schedule(),
        machine,
        Map.of(new RankName("P"), 10L));
  }

  @Test
  void bothEnginesTakeTheIntervalOfTheVariant() {
    Problem chosen = problem(" with relu_fast");

    SimulationResult result = BothEngines.run(chosen);
    assertThat(BothEngines.run(problem("")).cycles()).isEqualTo(10 * (7 + 7));
    assertThat(result.cycles()).isEqualTo(10 * (3 + 7));
    assertThat(result.cycles()).isEqualTo(CostModel.evaluate(chosen).latencyCycles());
    assertThat(result.units().get(new UnitName("Core")).utilisation()).isEqualTo(0.5);
  }
}
