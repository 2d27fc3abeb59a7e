package dev.weir.simulator.mutants;

import dev.weir.einsum.ir.Einsum;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.LevelStatistics;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.UnitStatistics;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What holds of every run, whatever it takes. That busy cycles and stalls add up is not among it: a
 * result for which they do not cannot be made.
 */
final class Laws {

  private static final double ROUNDING = 1e-9;

  private Laws() {}

  static boolean hold(Problem problem, SimulationResult result) {
    return result.units().values().stream().allMatch(unit -> hold(problem, result, unit))
        && problem.architecture().levels().stream().allMatch(level -> hold(problem, result, level));
  }

  /** Operations fit into busy cycles, and nobody waits for a port that does not limit. */
  private static boolean hold(Problem problem, SimulationResult result, UnitStatistics unit) {
    return unit.busyCycles() >= 0
        && unit.utilisation() * result.cycles() <= unit.busyCycles() * (1 + ROUNDING)
        && unit.stallCycles().values().stream().allMatch(cycles -> cycles > 0)
        && unit.stallCycles().keySet().stream().allMatch(reason -> isPossible(problem, reason));
  }

  private static boolean isPossible(Problem problem, StallReason reason) {
    return switch (reason) {
      case StallReason.Bandwidth slow ->
          problem.architecture().level(slow.level()).orElseThrow().bandwidth().isPresent();
      case StallReason.Latency late ->
          !problem.architecture().level(late.level()).orElseThrow().latency().equals(Latency.NONE);
      case StallReason.BankConflict conflict ->
          problem.architecture().level(conflict.level()).orElseThrow().banks() > 1;
      case StallReason.Cause cause ->
          switch (cause) {
            case LOAD, STORE ->
                problem.architecture().levels().stream()
                    .anyMatch(level -> level.bandwidth().isPresent());
            case EPOCH_IMBALANCE ->
                contains(problem.schedule().root(), Node.Pipeline.class::isInstance);
            case OPERATION ->
                problem.architecture().units().stream()
                    .flatMap(unit -> unit.operations().values().stream())
                    .anyMatch(cost -> cost.latencyCycles() > 0);
            case FILL, OTHER_WORK -> true;
          };
    };
  }

  /** What is counted passes, when a port is busy, at no more than its rate. */
  private static boolean hold(Problem problem, SimulationResult result, MemoryLevel level) {
    LevelStatistics passed = result.levels().get(level.name());
    if (level.bandwidth().isEmpty()) {
      return passed.busyCycles() == 0 && passed.bandwidthShare().isEmpty();
    }
    double full = passed.bandwidthShare().orElseThrow() * result.cycles();
    double counted = fullCycles(level.bandwidth().get(), passed);
    boolean isCounted =
        !countsSingly(problem, level) || Math.abs(full - counted) <= ROUNDING * (1 + counted);
    return isCounted
        && full <= passed.busyCycles() * (1 + ROUNDING)
        && passed.busyCycles() <= result.cycles();
  }

  private static double fullCycles(Bandwidth rate, LevelStatistics passed) {
    double reads = passed.readWords();
    double writes = passed.writtenWords();
    return rate.shared()
        ? (reads + writes) / rate.readWordsPerCycle().toDouble()
        : Math.max(
            reads / rate.readWordsPerCycle().toDouble(),
            writes / rate.writeWordsPerCycle().toDouble());
  }

  /** Whether the words counted at a level are those that pass: one instance, each for itself. */
  private static boolean countsSingly(Problem problem, MemoryLevel level) {
    boolean sharesWords =
        contains(
            problem.schedule().root(),
            node ->
                node instanceof Node.Spatial loop
                    && !(loop.multicast().isEmpty() && loop.reduce().isEmpty()));
    boolean isMasked =
        problem.cascade().einsums().stream().map(Einsum::condition).anyMatch(Optional::isPresent);
    return level.instanceAxes().isEmpty() && !sharesWords && !isMasked;
  }

  private static boolean contains(Node node, Predicate<Node> wanted) {
    return wanted.test(node) || node.children().stream().anyMatch(child -> contains(child, wanted));
  }
}
