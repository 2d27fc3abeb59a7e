package dev.weir.cli.experiment;

import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.Roofline;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.BoundParts;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.EpochParts;
import dev.weir.reports.parts.ProfileParts;
import dev.weir.reports.parts.SimulationParts;
import dev.weir.reports.parts.TimelineParts;
import dev.weir.simulator.engine.DeadlockException;
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.trace.TraceWindows;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/** Simulates a schedule and compares what the simulator counted with what the cost model says. */
final class SimulationStep {

  /** A window is at least so long, and at most such a part of the run. */
  private static final long LEAST_WINDOW_CYCLES = 100_000;

  private static final long LARGEST_PART = 20;

  /** More than is shown, so that windows begin and end where something does. */
  private static final int MOST_SEGMENTS = 4000;

  private static final String AS_MODELLED = "exactly what the cost model says";

  private final Problem problem;
  private final Cost cost;
  private final SectionBuilder section;
  private final Consumer<String> say;
  private final DoubleSupplier elapsedSeconds;

  SimulationStep(
      Problem problem,
      Cost cost,
      SectionBuilder section,
      Consumer<String> say,
      DoubleSupplier elapsedSeconds) {
    this.problem = problem;
    this.cost = cost;
    this.section = section;
    this.say = say;
    this.elapsedSeconds = elapsedSeconds;
  }

  /**
   * Does it, or says why it cannot be done: the rest of a target does not depend on it.
   *
   * @param source of the simulator's figures
   */
  void run(Source source) {
    Optional<String> refusal = Simulator.refusal(problem);
    if (refusal.isPresent()) {
      section.card(
          "latency, simulated", new Cell.Verdict(Outcome.NOT_RUN, ""), "the reason stands below");
      section.notice(
          "Simulation",
          Outcome.NOT_RUN,
          "Weir cannot simulate cascade %s under schedule %s: %s"
              .formatted(problem.cascade().name(), problem.schedule().name(), refusal.get()));
      return;
    }
    say.accept("simulating " + problem.schedule().name() + " cycle by cycle");
    try {
      show(simulated(), source);
    } catch (DeadlockException deadlock) {
      section.card(
          "latency, simulated", new Cell.Verdict(Outcome.FAILED, ""), "the reason stands below");
      section.notice(
          "Simulation",
          Outcome.FAILED,
          "schedule %s %s".formatted(problem.schedule().name(), deadlock.getMessage()));
    }
  }

  private SimulationResult simulated() {
    SimulationProgress progress = new SimulationProgress(elapsedSeconds, say, cost.latencyCycles());
    SimulationResult result =
        Simulator.simulate(
            problem, new SimulationOptions(Optional.of(windows()), progress::reached));
    progress.finished(result.cycles());
    return result;
  }

  private void show(SimulationResult result, Source source) {
    EpochParts.of(result, source).forEach(section::part);
    section.part(SimulationParts.cycles(result, source));
    section.part(SimulationParts.stalls(result, source));
    Roofline roofline = Roofline.of(problem, result.counts());
    section.part(BoundParts.bounds(roofline, cost, result, source));
    section.part(BoundParts.difference(roofline, result, source));
    ProfileParts.of(result, source).ifPresent(section::part);
    TimelineParts.of(result, source).forEach(section::part);
    section.part(SimulationParts.statistics(result, source));
    section.card(
        "latency, simulated",
        Cell.of(Figure.of(result.cycles(), Unit.CYCLES, source)),
        note(result.cycles() - cost.latencyCycles(), source));
    check(result);
  }

  private TraceWindows windows() {
    long cycles = Math.max(LEAST_WINDOW_CYCLES, cost.latencyCycles() / LARGEST_PART);
    long least = cost.accuracy().isExact() ? cost.latencyCycles() : 0;
    return new TraceWindows(cycles, cost.latencyCycles(), least, MOST_SEGMENTS);
  }

  private List<Cell> note(long added, Source source) {
    if (!cost.accuracy().isExact()) {
      return List.of(
          Cell.of("points that conditions leave out were left out; the cost model has "),
          Cell.of(CostParts.accuracyAfter("", cost)));
    }
    if (added == 0) {
      return List.of(Cell.of(AS_MODELLED));
    }
    return List.of(
        Cell.of(Figure.of(added, Unit.CYCLES, source)),
        Cell.of("more than the cost model's lower bound"));
  }

  private static String added(long cycles) {
    return cycles == 0
        ? AS_MODELLED
        : "%,d cycles more than the cost model's lower bound".formatted(cycles);
  }

  /** A latency that counts conditions as always true is no lower bound of one that does not. */
  private void check(SimulationResult result) {
    if (cost.accuracy().isExact()) {
      boolean bound = result.cycles() >= cost.latencyCycles();
      section.check(
          "the cost model's latency is a lower bound",
          "cycles of the simulator",
          bound ? Outcome.PASSED : Outcome.FAILED,
          added(result.cycles() - cost.latencyCycles()));
    }
    CountCheck.run("", cost, "the simulator", result.counts(), section);
  }
}
