package dev.weir.cli.experiment;

import dev.weir.mapper.model.Cost;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.SimulationParts;
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import dev.weir.simulator.stats.SimulationResult;
import java.util.function.Consumer;

/** Simulates a schedule and compares what the simulator counted with what the cost model says. */
final class SimulationStep {

  /** A recording long enough to see a pipeline full. */
  private static final int SEGMENTS = 4000;

  private static final long SAY_EVERY_PERCENT = 20;

  private final Problem problem;
  private final Cost cost;
  private final SectionBuilder section;
  private final Consumer<String> say;
  private long said;

  SimulationStep(Problem problem, Cost cost, SectionBuilder section, Consumer<String> say) {
    this.problem = problem;
    this.cost = cost;
    this.section = section;
    this.say = say;
  }

  void run(Source source) {
    SimulationResult result =
        Simulator.simulate(problem, new SimulationOptions(SEGMENTS, this::progress));
    SimulationParts.timelines(result, source).forEach(section::part);
    section.part(SimulationParts.cycles(result, source));
    section.part(SimulationParts.statistics(result, source));
    section.card(
        "latency, simulated",
        Figure.of(result.cycles(), Unit.CYCLES, source),
        added(result.cycles() - cost.latencyCycles()));
    check(result);
  }

  private void progress(long cycle) {
    long percent = cycle * 100 / Math.max(1, cost.latencyCycles());
    if (percent >= said + SAY_EVERY_PERCENT) {
      said = percent / SAY_EVERY_PERCENT * SAY_EVERY_PERCENT;
      say.accept("simulated %d %%".formatted(Math.min(100, said)));
    }
  }

  private static String added(long cycles) {
    return cycles == 0
        ? "exactly what the cost model says"
        : "%,d cycles more than the cost model's lower bound".formatted(cycles);
  }

  private void check(SimulationResult result) {
    boolean bound = result.cycles() >= cost.latencyCycles();
    section.check(
        "the cost model's latency is a lower bound",
        "cycles of the simulator",
        bound ? Outcome.PASSED : Outcome.FAILED,
        added(result.cycles() - cost.latencyCycles()));
    CountCheck.run(
        "counts of the cost model", cost.counts(), "the simulator", result.counts(), section);
  }
}
