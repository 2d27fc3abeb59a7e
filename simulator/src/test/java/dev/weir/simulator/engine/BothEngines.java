package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.pe.PeSimulator;
import dev.weir.simulator.stats.SimulationResult;

/** What both engines say of a problem. */
final class BothEngines {

  private BothEngines() {}

  /** The result of one, which is that of the other. */
  static SimulationResult run(Problem problem) {
    SimulationResult result = Simulator.simulate(problem, SimulationOptions.QUIET);
    SimulationResult byElement =
        PeSimulator.simulate(problem, RandomProblems.inputs(problem, 1)).result();

    assertThat(byElement.cycles()).isEqualTo(result.cycles());
    assertThat(byElement.units()).isEqualTo(result.units());
    assertThat(byElement.levels()).isEqualTo(result.levels());
    return result;
  }
}
