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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The problems on which mutants are tried, with what is right about them. That is worked out when
 * it is first asked for: most mutants do not come far.
 */
final class Corpus {

  /** Seeds of random problems of which some tell apart what few others do. */
  private static final List<Long> TELLING = List.of(92L, 157L, 50L, 40L);

  private static final List<MachineVariants> VARIANTS =
      List.of(
          MachineVariants.AS_GIVEN,
          MachineVariants.HOPS,
          MachineVariants.ODD_TIMES,
          MachineVariants.WAVES,
          MachineVariants.SLOW_MEMORIES);

  /** What only the simulators obey, and rarely matters. */
  private static final List<MachineVariants> RARER =
      List.of(MachineVariants.DEEP_OPERATIONS, MachineVariants.LATENCIES, MachineVariants.BANKS);

  private final List<Entry> entries = new ArrayList<>();

  /** A problem, and what is right about it once that was asked for. */
  private static final class Entry {

    private final String name;
    private final Supplier<Reference> origin;
    private Optional<Reference> reference = Optional.empty();

    Entry(String name, Supplier<Reference> origin) {
      this.name = name;
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
   * @param first names of those that come first, in this order; each is one of them
   */
  Corpus(long seeds, List<String> first) {
    for (Reference reference : WorkedOut.all()) {
      add(reference.name(), () -> reference);
    }
    addHandMade();
    LongStream all =
        LongStream.concat(TELLING.stream().mapToLong(s -> s), LongStream.range(0, seeds));
    for (long seed : all.distinct().toArray()) {
      Problem problem = RandomProblems.legal(seed);
      if (Simulator.refusal(problem).isEmpty()) {
        addRandom(seed, problem);
      }
      String name = "seed %d with longer loops".formatted(seed);
      LongerLoops.problem(seed).ifPresent(longer -> add(name, () -> longer(name, longer)));
    }
    Set<String> names = entries.stream().map(entry -> entry.name).collect(Collectors.toSet());
    if (!names.containsAll(first)) {
      throw new IllegalArgumentException("not all of these problems exist: " + first);
    }
    // A stable sort: the others stay as they stand.
    entries.sort(
        Comparator.comparingInt(
            entry -> first.contains(entry.name) ? first.indexOf(entry.name) : first.size()));
  }

  /** Those on which mutants of the cost model are tried, and those that the other engine needs. */
  private void addHandMade() {
    addAll("ahead", Ahead.all());
    addAll("flow", HandMadeFlows.all());
    addAll("mask", HandMadeMasks.all());
    addAll("shipped", ShippedCostTest.problems().toList());
    addAll(
        "hand-made",
        List.of(HandMade.partitioned(), HandMade.comingBack(), HandMade.flowingIntoTail()));
  }

  private void addAll(String kind, List<Problem> problems) {
    for (int i = 0; i < problems.size(); i++) {
      Problem problem = problems.get(i);
      if (Simulator.refusal(problem).isEmpty()) {
        String name = kind + " " + i;
        addCompared(name, problem, i, MachineVariants.AS_GIVEN);
        addCompared(name, problem, i, VARIANTS.get(1 + i % (VARIANTS.size() - 1)));
      }
    }
  }

  int size() {
    return entries.size();
  }

  Reference get(int number) {
    return entries.get(number).get();
  }

  /** All that were asked for so far. */
  List<Reference> known() {
    return entries.stream().flatMap(entry -> entry.reference.stream()).toList();
  }

  private void add(String name, Supplier<Reference> origin) {
    entries.add(new Entry(name, origin));
  }

  private void addRandom(long seed, Problem problem) {
    MachineVariants variant = VARIANTS.get((int) (seed % VARIANTS.size()));
    addCompared("seed %d".formatted(seed), problem, seed, variant);
    if (seed < 10) {
      RARER.forEach(rare -> addCompared("seed %d".formatted(seed), problem, seed, rare));
    }
    Problem unlimited = Machines.withBandwidths(problem, _ -> Optional.empty());
    Axis.Fill fill = seed % 2 == 0 ? Axis.Fill.USED : Axis.Fill.WHOLE;
    Problem inWaves = Machines.withInstances(unlimited, 2 + seed % 2, fill);
    String waves = "seed %d in waves".formatted(seed);
    add(
        waves,
        () ->
            Reference.of(waves, inWaves)
                .with(new Reference.Known(Fate.STRUCTURE, StructureTime.of(inWaves))));
    String skewed = "seed %d skewed".formatted(seed);
    add(skewed, () -> skewed(skewed, unlimited));
  }

  /** Of skew simulator and cost model have two implementations. */
  static Reference skewed(String name, Problem unlimited) {
    Problem skewed = Machines.withInstances(unlimited, 3, Axis.Fill.SKEWED);
    long cycles = CostModel.evaluate(skewed).latencyCycles();
    return Reference.of(name, skewed).with(new Reference.Known(Fate.COST_MODEL, cycles));
  }

  private void addCompared(String name, Problem problem, long seed, MachineVariants variant) {
    // Across waves, what an absent point leaves of a multicast is not counted alike.
    boolean isCounted = variant != MachineVariants.WAVES || !isMasked(problem);
    String full = name + " " + variant;
    add(full, () -> compared(full, variant.of(problem), seed, isCounted));
  }

  private static boolean isMasked(Problem problem) {
    return problem.cascade().einsums().stream().anyMatch(e -> e.condition().isPresent());
  }

  /** What interpreter and cost model know of it, and the other engine if it runs it. */
  private static Reference compared(String name, Problem problem, long seed, boolean isCounted) {
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
        Reference.of(name, problem).atLeast(cost.latencyCycles()).with(Reference.Steady.PERHAPS);
    // Some of them run in waves.
    return isMasked(problem) ? reference : reference.with(cost.counts());
  }
}
