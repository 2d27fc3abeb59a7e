package dev.weir.simulator.mutants;

import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.model.Accuracy;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.engine.LongerLoops;
import dev.weir.simulator.engine.Machines;
import dev.weir.simulator.engine.Simulator;
import dev.weir.simulator.engine.StructureTime;
import dev.weir.simulator.pe.MachineVariants;
import dev.weir.simulator.pe.PeSimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The problems on which mutants are tried, with what is right about them. That is worked out when
 * it is first asked for: most mutants do not come far.
 */
final class Corpus {

  private static final int SEEDS = 80;

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

  Corpus() {
    for (Reference reference : HandMade.all()) {
      add(() -> reference);
    }
    for (long seed = 0; seed < SEEDS; seed++) {
      Problem problem = RandomProblems.legal(seed);
      if (Simulator.refusal(problem).isEmpty()) {
        addRandom(seed, problem);
      }
      String name = "seed %d with longer loops".formatted(seed);
      LongerLoops.problem(seed).ifPresent(longer -> add(() -> longer(name, longer)));
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
    MachineVariants variant = VARIANTS.get((int) (seed % VARIANTS.size()));
    add(() -> compared("seed %d %s".formatted(seed, variant), variant.of(problem), seed));
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

  /** What interpreter and cost model know of it, and the other engine if it runs it. */
  private static Reference compared(String name, Problem problem, long seed) {
    var inputs = RandomProblems.inputs(problem, seed);
    Reference reference =
        Reference.of(name, problem).atLeast(CostModel.evaluate(problem).latencyCycles());
    if (problem.cascade().einsums().stream().noneMatch(e -> e.condition().isPresent())) {
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
    return cost.accuracy() instanceof Accuracy.Exact ? reference.with(cost.counts()) : reference;
  }
}
