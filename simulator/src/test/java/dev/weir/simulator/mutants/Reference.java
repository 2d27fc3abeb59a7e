package dev.weir.simulator.mutants;

import dev.weir.mapper.count.Counts;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.SimulationResult;
import java.util.Optional;

/**
 * A problem and what is right about it; nothing of it comes from the engine of tiles.
 *
 * @param name says which problem it is
 * @param byHand what was worked out by hand, as {@link Outline} writes it
 * @param counts what the interpreter counts
 * @param cycles latency, where it is known exactly
 * @param leastCycles that the cost model says
 * @param otherEngine what the engine of processing elements says
 * @param steady whether its loops are so long that states come again: then it is run a second time
 *     without skipping
 */
record Reference(
    String name,
    Problem problem,
    Optional<String> byHand,
    Optional<Counts> counts,
    Optional<Known> cycles,
    long leastCycles,
    Optional<SimulationResult> otherEngine,
    Steady steady) {

  /** A number of cycles and who says so. */
  record Known(Fate oracle, long cycles) {}

  /** What is known of states that come again. */
  enum Steady {
    NO,
    PERHAPS,
    CERTAINLY
  }

  /** Of which only the problem is known, and that it takes no less than nothing. */
  static Reference of(String name, Problem problem) {
    return new Reference(
        name,
        problem,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Steady.NO);
  }

  Reference byHand(String outline) {
    return new Reference(
        name, problem, Optional.of(outline), counts, cycles, leastCycles, otherEngine, steady);
  }

  Reference with(Counts known) {
    return new Reference(
        name, problem, byHand, Optional.of(known), cycles, leastCycles, otherEngine, steady);
  }

  Reference with(Known known) {
    return new Reference(
        name, problem, byHand, counts, Optional.of(known), leastCycles, otherEngine, steady);
  }

  Reference atLeast(long least) {
    return new Reference(name, problem, byHand, counts, cycles, least, otherEngine, steady);
  }

  Reference with(SimulationResult other) {
    return new Reference(
        name, problem, byHand, counts, cycles, leastCycles, Optional.of(other), steady);
  }

  Reference with(Steady known) {
    return new Reference(name, problem, byHand, counts, cycles, leastCycles, otherEngine, known);
  }

  /**
   * How a simulator gives itself away; nothing if it does not.
   *
   * @param asksOtherEngine whether that does not share what is judged
   */
  Optional<Fate> judge(LoadedSimulator simulator, boolean asksOtherEngine) {
    try {
      LoadedSimulator.Answer answer = simulator.skipping(problem);
      Optional<Fate> fate = difference(answer.result(), asksOtherEngine);
      if (fate.isPresent() || steady == Steady.NO) {
        return fate;
      }
      if (!answer.result().equals(simulator.executingAll(problem).result())) {
        return Optional.of(Fate.EVERY_CYCLE);
      }
      return steady == Steady.CERTAINLY && answer.skippedCycles() == 0
          ? Optional.of(Fate.NOTHING_SKIPPED)
          : Optional.empty();
    } catch (LoadedSimulator.Failure failure) {
      return Optional.of(Fate.EXCEPTION);
    }
  }

  private Optional<Fate> difference(SimulationResult result, boolean asksOtherEngine) {
    if (byHand.isPresent() && !Outline.of(result).equals(byHand.get())) {
      return Optional.of(Fate.BY_HAND);
    }
    if (counts.isPresent() && !result.counts().equals(counts.get())) {
      return Optional.of(Fate.COUNTS);
    }
    if (cycles.isPresent() && result.cycles() != cycles.get().cycles()) {
      return Optional.of(cycles.get().oracle());
    }
    if (result.cycles() < leastCycles) {
      return Optional.of(Fate.COST_MODEL);
    }
    if (asksOtherEngine && otherEngine.isPresent() && !result.equals(otherEngine.get())) {
      return Optional.of(Fate.OTHER_ENGINE);
    }
    return Laws.hold(problem, result) ? Optional.empty() : Optional.of(Fate.LAWS);
  }
}
