package dev.weir.simulator.mutants;

import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.model.ShippedCostTest;
import dev.weir.mapper.model.mutants.HandMade;
import dev.weir.mapper.model.mutants.HandMadeFlows;
import dev.weir.mapper.model.mutants.HandMadeMasks;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.engine.LongerLoops;
import dev.weir.simulator.engine.Machines;
import dev.weir.simulator.engine.Simulator;
import dev.weir.simulator.engine.StructureTime;
import dev.weir.simulator.pe.Ahead;
import dev.weir.simulator.pe.MachineVariants;
import dev.weir.simulator.pe.PeSimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * The problems on which mutants are tried, with what is right about them. That is worked out when
 * it is first asked for: most mutants do not come far.
 */
final class Corpus {

  /** Seeds of random problems of which some tell apart what few others do. */
  private static final List<Long> TELLING = List.of();

  private static final List<MachineVariants> VARIANTS = List.of(MachineVariants.values());

  private final List<Entry> entries = new ArrayList<>();

  /** A problem, and what is right about it once that was asked for. */
  private static final class Entry {

    private final Supplier<Reference> origin;
    private Optional<Reference> reference = Optional.empty();

    Entry(Supplier<Reference> origin) {
      this.origin = origin;
    }

    synchronized Reference get() {
      if (reference.isEmpty()) {
        reference = Optional.of(origin.get());
      }
      return reference.get();
    }
  }

  /**
   * Some of them.
   *
   * @param seeds of random problems besides those that tell most
   */
  Corpus(long seeds) {
    for (Reference reference : WorkedOut.all()) {
      add(() -> reference);
    }
    addOfCostModel();
    LongStream all =
        LongStream.concat(TELLING.stream().mapToLong(s -> s), LongStream.range(0, seeds));
    for (long seed : all.distinct().toArray()) {
      Problem problem = RandomProblems.legal(seed);
      if (Simulator.refusal(problem).isEmpty()) {
        addRandom(seed, problem);
      }
      String name = "seed %d with longer loops".formatted(seed);
      LongerLoops.problem(seed).ifPresent(longer -> add(() -> longer(name, longer)));
    }
  }

  /** Those on which mutants of the cost model are tried, and those that the other engine needs. */
  private void addOfCostModel() {
    List<Problem> problems = new ArrayList<>(Ahead.all());
    problems.addAll(HandMadeFlows.all());
    problems.addAll(
        List.of(HandMade.partitioned(), HandMade.comingBack(), HandMade.flowingIntoTail()));
    problems.addAll(HandMadeMasks.all());
    problems.addAll(ShippedCostTest.problems().toList());
    for (int i = 0; i < problems.size(); i++) {
      Problem problem = problems.get(i);
      if (Simulator.refusal(problem).isEmpty()) {
        addCompared("of the cost model %d".formatted(i), problem, i);
      }
    }
  }

  int size() {
    return entries.size();
  }

  Reference get(int number) {
    return entries.get(number).get();
  }

  private void add(Supplier<Reference> origin) {
    entries.add(new Entry(origin));
  }

  private void addRandom(long seed, Problem problem) {
    addCompared("seed %d".formatted(seed), problem, seed);
    Problem unlimited = Machines.withBandwidths(problem, _ -> Optional.empty());
    Axis.Fill fill = seed % 2 == 0 ? Axis.Fill.USED : Axis.Fill.WHOLE;
    Problem inWaves = Machines.withInstances(unlimited, 2 + seed % 2, fill);
    add(
        () ->
            Reference.of("seed %d in waves".formatted(seed), inWaves)
                .with(new Reference.Known(Fate.STRUCTURE, StructureTime.of(inWaves))));
    add(() -> skewed("seed %d skewed".formatted(seed), unlimited));
  }

  /** Of skew simulator and cost model have two implementations. */
  static Reference skewed(String name, Problem unlimited) {
    Problem skewed = Machines.withInstances(unlimited, 3, Axis.Fill.SKEWED);
    long cycles = CostModel.evaluate(skewed).latencyCycles();
    return Reference.of(name, skewed).with(new Reference.Known(Fate.COST_MODEL, cycles));
  }

  private void addCompared(String name, Problem problem, long seed) {
    MachineVariants variant = VARIANTS.get((int) (seed % VARIANTS.size()));
    // Across waves, what an absent point leaves of a multicast is not counted alike.
    boolean isCounted = variant != MachineVariants.WAVES || !isMasked(problem);
    add(() -> compared(name + " " + variant, variant.of(problem), seed, isCounted));
  }

  private static boolean isMasked(Problem problem) {
    return problem.cascade().einsums().stream().anyMatch(e -> e.condition().isPresent());
  }

  /** What interpreter and cost model know of it, and the other engine if it runs it. */
  private static Reference compared(
      String name, Problem problem, long seed, boolean isCounted) {
    var inputs = RandomProblems.inputs(problem, seed);
    Reference reference =
        Reference.of(name, problem).atLeast(CostModel.evaluate(problem).latencyCycles());
    if (isCounted) {
      reference = reference.with(ScheduleInterpreter.run(problem, inputs).counts());
    }
    return PeSimulator.refusal(problem).isPresent()
        ? reference
        : reference.with(PeSimulator.simulate(problem, inputs).result());
  }

  /** Long enough for states to come again. */
  static Reference longer(String name, Problem problem) {
    Cost cost = CostModel.evaluate(problem);
    Reference reference =
        Reference.of(name, problem)
            .atLeast(cost.latencyCycles())
            .with(Reference.Steady.PERHAPS);
    // Some of them run in waves.
    return isMasked(problem) ? reference : reference.with(cost.counts());
  }
}
