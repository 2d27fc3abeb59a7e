package dev.weir.reports.parts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.model.Roofline;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.text.TextReport;
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import dev.weir.simulator.stats.SimulationResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From the roofline to the simulator, worked out by hand. */
class BoundPartsTest {

  private static final Source SOURCE = new Source("simulator", "by hand", List.of());

  /** Ten points a row of A, three rows, on four lanes. */
  private static final Problem PROBLEM =
      Problem.of(
          Examples.cascadeFrom(
              """
              cascade squares "squares"
                ranks N, W
                inputs A[N,W]
                X[n,w] = A[n,w] * A[n,w]
                outputs X
              """),
          Examples.schedule(
                  """
                  schedule s for squares
                    for n by 1 {
                      keep A, X at GlobalBuffer
                      for w by 4  spatial w by 1 on Array1D.lanes  compute X on Array1D
                    }
                  """)
              .schedule(),
          ExampleArchitectures.fuseMax(4, 4096),
          Examples.shapes("N=3 W=10"));

  private static String text(Part part) {
    return TextReport.part(part);
  }

  @Test
  void eachBoundIsAtLeastTheOneBeforeAndSaysWhatItAdds() {
    Cost cost = CostModel.evaluate(PROBLEM);
    SimulationResult result = Simulator.simulate(PROBLEM, SimulationOptions.QUIET);
    Roofline roofline = Roofline.of(PROBLEM.architecture(), result.counts());

    // 60 words at 4 a cycle; a row takes 3 cycles to come, 3 on four lanes, and 3 to go.
    assertThat(text(BoundParts.bounds(roofline, cost, result, SOURCE)))
        .containsPattern("roofline +15 cycles +– +DRAM moves words all the time")
        .containsPattern("cost model +27 cycles +12 cycles")
        .containsPattern("simulator +27 cycles +0 cycles");
    // 30 operations on 4 lanes; in the last step of a row two lanes have none.
    assertThat(text(BoundParts.difference(roofline, result, SOURCE)))
        .containsPattern("operations of Array1D +8 cycles")
        .containsPattern("instances without work +1 cycle ")
        .containsPattern("load +9 cycles")
        .containsPattern("store +9 cycles")
        .containsPattern("simulated +27 cycles +100 %");
  }
}
