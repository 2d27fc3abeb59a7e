package dev.weir.simulator.machine;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Rational;
import dev.weir.simulator.component.Delay;
import dev.weir.simulator.component.Memory;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The loops right around one compute, which run as one piece: how long they take, what they count
 * and what they ask of the ports, as a function of the ranges around them.
 */
public final class Nest {

  /**
   * A tensor access of the compute.
   *
   * @param memory its home
   * @param counter words, by its number
   * @param around how instances around the nest count
   * @param within how loops of the nest count
   * @param portAround the same for the port of the busiest instance of the home
   * @param portWithin likewise
   */
  record Use(
      Memory memory,
      int counter,
      List<Instances.Mode> around,
      List<NestLoops.Mode> within,
      List<Instances.Mode> portAround,
      List<NestLoops.Mode> portWithin) {}

  /**
   * The result, and the accumulator that it is added to.
   *
   * @param write every contribution
   * @param accumulator counter of reads of the accumulator; empty when nothing is reduced
   * @param first every first contribution to an element
   * @param mustBeFirst loops around that bring an element back when they are not at their first
   *     step
   * @param tracked elements that have a contribution, where the condition leaves no closed form
   */
  record Result(
      Use write,
      Optional<Integer> accumulator,
      Use first,
      List<Loop> mustBeFirst,
      Optional<TouchedElements> tracked) {}

  /**
   * When results are there.
   *
   * @param steps how steps wait for each other; empty when none ever does
   * @param lastCycles from when the unit could go on until the last result is there
   */
  record Results(Optional<IssueTime> steps, long lastCycles) {}

  /** Operations of one point. */
  record Operations(int counter, int amount) {}

  /**
   * What is fixed.
   *
   * @param cyclesPerStep Σ operations × initiation interval
   * @param results when results are there
   */
  record Plan(
      TensorName einsum,
      int unit,
      Rational cyclesPerStep,
      Results results,
      Instances around,
      NestLoops loops,
      List<Use> operands,
      Result result,
      List<Operations> operations,
      Optional<Presence> presence) {}

  /** Which points are there. */
  record Presence(Condition condition, PredicateBox box, PresentPoints points) {}

  private final Plan plan;
  private final Memo<Cost.OfNest> memo;
  private final Function<Ranges, Cost.OfNest> unknown = this::work;

  Nest(Plan plan, Memo<Cost.OfNest> memo) {
    this.plan = plan;
    this.memo = memo;
  }

  public TensorName einsum() {
    return plan.einsum();
  }

  /** Number of the unit that runs it. */
  public int unit() {
    return plan.unit();
  }

  /** Whether what it counts depends on which elements it has come to before. */
  public boolean tracksElements() {
    return plan.result().tracked().isPresent();
  }

  /** Cycles without waiting for words; nothing is counted. */
  long cycles(Ranges around) {
    return workCycles(around.copy())
        + plan.loops().fillCycles(around.copy())
        + operationCycles(around.copy());
  }

  private long workCycles(Ranges ranges) {
    long steps = plan.loops().count(ranges, modes(NestLoops.Mode.WAVES));
    return plan.cyclesPerStep().times(steps).ceiling();
  }

  /** Cycles in which results are awaited. */
  private long operationCycles(Ranges ranges) {
    long last = plan.results().lastCycles();
    if (plan.results().steps().isEmpty()) {
      return last;
    }
    long issuing =
        Math.ceilDiv(
            plan.results().steps().get().parts(ranges), plan.cyclesPerStep().denominator());
    return issuing - workCycles(ranges) + last;
  }

  /** Cycles that what passes along some of its loops arrives late. */
  long lateCycles(Ranges around, Predicate<SpatialBinding> along) {
    return plan.loops()
        .passingCycles(
            around.copy(),
            loop -> loop.binding().filter(along).isPresent() ? loop.lateCyclesPerHop() : 0);
  }

  /** What it takes here. */
  public Cost.OfNest cost(Ranges ranges) {
    return tracksElements() ? work(ranges) : memo.get(ranges, unknown);
  }

  private Cost.OfNest work(Ranges around) {
    Ranges ranges = around.copy();
    PredicateBox.Holds presence = presence(ranges);
    Counters.Builder counts = new Counters.Builder();
    Demands demands = new Demands();
    Optional<Delay> delay = Optional.empty();
    long points = presence == PredicateBox.Holds.NOWHERE ? 0 : points(ranges, presence);
    if (points > 0) {
      for (Use operand : plan.operands()) {
        long words = count(ranges, operand, presence);
        counts.add(operand.counter(), words);
        demands.read(operand.memory(), portWords(ranges, operand));
        delay = longer(delay, operand.memory().readDelay());
      }
      contribute(ranges, presence, counts, demands);
      for (Operations operation : plan.operations()) {
        counts.add(operation.counter(), Math.multiplyExact(points, operation.amount()));
      }
    }
    long workCycles = workCycles(ranges);
    long fillCycles = plan.loops().fillCycles(around.copy());
    Cost.Time time = new Cost.Time(workCycles, fillCycles, operationCycles(around.copy()));
    return Cost.OfNest.of(time, demands.build(), delay, counts.build());
  }

  private static Optional<Delay> longer(Optional<Delay> longest, Delay other) {
    long cycles = longest.map(Delay::cycles).orElse(0L);
    return other.cycles() > cycles ? Optional.of(other) : longest;
  }

  private void contribute(
      Ranges ranges, PredicateBox.Holds presence, Counters.Builder counts, Demands demands) {
    Result result = plan.result();
    long contributions = count(ranges, result.write(), presence);
    counts.add(result.write().counter(), contributions);
    demands.write(result.write().memory(), portWords(ranges, result.write()));
    if (result.accumulator().isPresent()) {
      boolean fresh = result.mustBeFirst().stream().allMatch(ranges::isFirst);
      long first =
          result.tracked().isPresent()
              ? result.tracked().get().firstContributions(ranges)
              : fresh ? count(ranges, result.first(), presence) : 0;
      counts.add(result.accumulator().get(), contributions - first);
      long portFirst = fresh ? portWords(ranges, result.first()) : 0;
      demands.read(result.write().memory(), portWords(ranges, result.write()) - portFirst);
    }
  }

  private PredicateBox.Holds presence(Ranges ranges) {
    if (plan.presence().isEmpty()) {
      return PredicateBox.Holds.EVERYWHERE;
    }
    Presence presence = plan.presence().get();
    return plan.around().hasSpatial()
        ? PredicateBox.Holds.PARTLY
        : presence.box().holds(presence.condition(), ranges);
  }

  private long count(Ranges ranges, Use use, PredicateBox.Holds presence) {
    return count(ranges, use.around(), use.within(), presence);
  }

  private long count(
      Ranges ranges,
      List<Instances.Mode> around,
      List<NestLoops.Mode> within,
      PredicateBox.Holds presence) {
    return presence == PredicateBox.Holds.PARTLY
        ? plan.presence().orElseThrow().points().count(ranges, around, within)
        : plan.around().sum(ranges, around, at -> plan.loops().count(at, within));
  }

  /** An upper bound where points are absent: their slots pass unused. */
  private long portWords(Ranges ranges, Use use) {
    if (use.memory().readPort().isEmpty()) {
      return 0;
    }
    return plan.around()
        .sum(ranges, use.portAround(), at -> plan.loops().count(at, use.portWithin()));
  }

  private long points(Ranges ranges, PredicateBox.Holds presence) {
    List<Instances.Mode> around =
        Collections.nCopies(plan.around().path().size(), Instances.Mode.EACH);
    return count(ranges, around, modes(NestLoops.Mode.ALL), presence);
  }

  private List<NestLoops.Mode> modes(NestLoops.Mode mode) {
    return Collections.nCopies(plan.loops().loops().size(), mode);
  }
}
