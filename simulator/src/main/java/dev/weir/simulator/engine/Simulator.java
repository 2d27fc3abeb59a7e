package dev.weir.simulator.engine;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.schedule.PlainReading;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.component.ComputeArray;
import dev.weir.simulator.component.Memory;
import dev.weir.simulator.machine.Prepared;
import dev.weir.simulator.stats.LevelStatistics;
import dev.weir.simulator.stats.PartialResult;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.UnitCycles;
import dev.weir.simulator.stats.UnitStatistics;
import dev.weir.simulator.trace.Recorder;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

/**
 * Runs a schedule on its architecture event by event, in whole cycles. What a schedule means is
 * defined in {@code docs/schedule.md}; what the simulator adds to it in {@code docs/simulator.md}.
 */
public final class Simulator {

  private Simulator() {}

  /**
   * Why a legal problem cannot be simulated, if so: a condition reads a table of values, and a
   * simulation has none; or the schedule has something that it does not follow yet.
   */
  public static Optional<String> refusal(Problem problem) {
    return problem.cascade().einsums().stream()
        .flatMap(einsum -> einsum.condition().stream())
        .filter(condition -> !condition.isWhole())
        .findFirst()
        .map(Simulator::refusal)
        .or(() -> populating(problem).map(name -> "coordinates that %s populates".formatted(name)))
        .or(
            () ->
                PlainReading.exception(problem).map(what -> what + ", which it cannot follow yet"));
  }

  private static Optional<TensorName> populating(Problem problem) {
    return problem.cascade().einsums().stream()
        .filter(einsum -> einsum.populate().isPresent())
        .map(einsum -> einsum.output().tensor())
        .findFirst();
  }

  private static String refusal(Condition condition) {
    return condition
        .indices()
        .flatMap(Index::tables)
        .findFirst()
        .map(table -> "a condition on the values of " + table.tensor() + ", and it has no values")
        .orElse("a condition on numbers that are not whole");
  }

  /**
   * Simulates one run. Running time is proportional to the nests and transfers that are executed,
   * not to their points; steady states are executed once.
   *
   * @param problem a legal one without {@link #refusal}
   * @throws InterruptedSimulationException when the calling thread is interrupted
   * @throws IllegalArgumentException when the schedule names what does not exist
   * @throws DeadlockException when everything waits for something that waits for it
   * @throws IllegalStateException when the schedule is not legal: it needs more room than there is,
   *     or asks one unit for two things at a time
   */
  public static SimulationResult simulate(Problem problem, SimulationOptions options) {
    return run(problem, options).result();
  }

  /** A result, and how much of the run was executed for it. */
  record Outcome(SimulationResult result, SteadyState.Skipped skipped) {}

  static Outcome run(Problem problem, SimulationOptions options) {
    Prepared prepared = Prepared.of(problem);
    Recorder recorder = new Recorder(options.windows(), prepared);
    Clock clock = new Clock(prepared.machine(), options, recorder);
    SteadyState steadyState = new SteadyState(options.skipsSteadyStates(), clock, recorder);
    Run run = new Run(prepared, clock, recorder, new Waits(prepared), steadyState);
    Completion completion = new Completion();
    Sequential root = ActivityBuilder.build(run);
    root.setParent(completion);
    try {
      root.start();
      clock.run(steadyState);
    } catch (CancellationException interrupted) {
      throw new InterruptedSimulationException(interrupted.getMessage(), partial(run));
    }
    if (!completion.reached) {
      throw run.waits().deadlock(clock.now());
    }
    Counts counts = prepared.counts();
    SimulationResult result =
        new SimulationResult(
            counts,
            clock.now(),
            units(problem, prepared, counts, clock.now()),
            levels(prepared, counts, clock.now()),
            recorder.timeline(clock.now()),
            recorder.profile(clock.now()));
    return new Outcome(result, steadyState.skipped());
  }

  private static PartialResult partial(Run run) {
    long now = run.clock().now();
    SortedMap<UnitName, UnitCycles> units = new TreeMap<>();
    for (ComputeArray unit : run.prepared().machine().units()) {
      units.put(unit.name(), unit.cycles(now));
    }
    return new PartialResult(run.prepared().counts(), now, units, run.recorder().timeline(now));
  }

  private static final class Completion implements Activity.Parent {
    private boolean reached;

    @Override
    public void childDone() {
      reached = true;
    }
  }

  private static SortedMap<UnitName, UnitStatistics> units(
      Problem problem, Prepared prepared, Counts counts, long cycles) {
    SortedMap<UnitName, UnitStatistics> units = new TreeMap<>();
    for (ComputeArray array : prepared.machine().units()) {
      ComputeUnit unit = problem.architecture().unit(array.name()).orElseThrow();
      units.put(
          array.name(), UnitStatistics.of(problem, unit, array.cycles(cycles), counts, cycles));
    }
    return units;
  }

  private static SortedMap<LevelName, LevelStatistics> levels(
      Prepared prepared, Counts counts, long cycles) {
    SortedMap<LevelName, LevelStatistics> levels = new TreeMap<>();
    for (Memory memory : prepared.machine().memories()) {
      levels.put(memory.name(), memory.statistics(counts, cycles));
    }
    return levels;
  }
}
