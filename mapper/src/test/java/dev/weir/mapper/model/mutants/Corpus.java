package dev.weir.mapper.model.mutants;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.model.AllTables;
import dev.weir.mapper.model.EveryIteration;
import dev.weir.mapper.model.ExactTime;
import dev.weir.mapper.model.ShippedCostTest;
import dev.weir.mapper.model.TimeVariants;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.random.RandomSkips;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Projection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The problems on which mutants are tried, with what is right about them. That is worked out when
 * it is first asked for: most mutants do not come far.
 */
final class Corpus {

  /** Random problems of which some tell apart what few others do. */
  private static final List<Long> TELLING =
      List.of(
          187L, 54L, 595L, 130L, 445L, 550L, 143L, 145L, 14L, 25L, 20L, 296L, 103L, 100L, 118L,
          119L, 198L, 77L, 75L, 624L, 1979L, 44L, 48L, 36L, 26L, 43L, 34L);

  /** Enough others to outlast changes of what the seeds mean. */
  private static final long RANDOM = 300;

  private static final long SKIPPING = 100;

  private final List<Entry> entries = new ArrayList<>();

  /** A problem, and what is right about it once that was asked for. */
  private static final class Entry {

    private final String name;
    private final Supplier<Reference> origin;
    private Reference reference;

    Entry(String name, Supplier<Reference> origin) {
      this.name = name;
      this.origin = origin;
    }

    synchronized Reference get() {
      if (reference == null) {
        reference = origin.get();
      }
      return reference;
    }

    synchronized Optional<Reference> known() {
      return Optional.ofNullable(reference);
    }
  }

  /**
   * All of them.
   *
   * @param first names of those that come first, in this order; each is one of them
   */
  Corpus(List<String> first) {
    addHandMade();
    List<Problem> shipped = ShippedCostTest.problems().toList();
    for (int i = 0; i < shipped.size(); i++) {
      addTimed("shipped " + i, shipped.get(i), i);
    }
    LongStream all =
        LongStream.concat(TELLING.stream().mapToLong(s -> s), LongStream.range(0, RANDOM));
    all.distinct().forEach(this::addRandom);
    LongStream.range(0, SKIPPING).forEach(this::addSkipping);
    Set<String> names = entries.stream().map(entry -> entry.name).collect(Collectors.toSet());
    if (!names.containsAll(first)) {
      throw new IllegalArgumentException("not all of these problems exist: " + first);
    }
    // A stable sort: the others stay as they stand.
    entries.sort(
        Comparator.comparingInt(
            entry -> first.contains(entry.name) ? first.indexOf(entry.name) : first.size()));
  }

  /** Of what is read through maps only a lower bound of the cycles is known. */
  private void addRandom(long seed) {
    Problem problem = RandomProblems.legal(seed);
    if (Projection.all(problem.cascade()).values().stream().noneMatch(Projection::isMapped)) {
      addTimed("seed " + seed, problem, seed);
    }
  }

  /** With loops that skip, where the cycles are known. */
  private void addSkipping(long seed) {
    RandomSkips.of(seed)
        .filter(ExactTime::of)
        .ifPresent(problem -> addWalked("skipping seed " + seed, problem));
  }

  private void addHandMade() {
    addTimed("hand-made partitioned", HandMade.partitioned(), 0);
    addTimed("hand-made coming back", HandMade.comingBack(), 0);
    List<Problem> masks = HandMadeMasks.all();
    for (int i = 0; i < masks.size(); i++) {
      addWalked("hand-made mask " + i, masks.get(i));
    }
    List<Problem> skips = HandMadeSkips.all();
    for (int i = 0; i < skips.size(); i++) {
      addWalked("hand-made skip " + i, skips.get(i));
    }
    for (HandMadeTables.Case tables : HandMadeTables.all()) {
      entries.add(
          new Entry(
              tables.name(),
              () ->
                  new Reference(
                      tables.name(),
                      tables.problem(),
                      Optional.of(AllTables.of(tables.problem(), 5).mean()),
                      Reference.UNKNOWN,
                      tables.accuracy())));
    }
    addWalked("hand-made flow", HandMade.flowingIntoTail());
    List<Problem> flows = HandMadeFlows.all();
    for (int i = 0; i < flows.size(); i++) {
      addTimed("hand-made flow %d".formatted(i), flows.get(i), i);
    }
    List<Problem> skewed = HandMadeSkew.all();
    for (int i = 0; i < skewed.size(); i++) {
      addWalked("hand-made skew " + i, skewed.get(i));
    }
    add(
        "hand-made instances",
        HandMade.bandwidthOfInstances(),
        HandMade.BANDWIDTH_OF_INSTANCES_CYCLES);
    add(
        "hand-made chosen instances",
        HandMade.bandwidthOfChosenInstances(),
        HandMade.BANDWIDTH_OF_CHOSEN_INSTANCES_CYCLES);
    add(
        "hand-made own instance",
        HandMade.servedByItsOwnInstance(),
        HandMade.SERVED_BY_ITS_OWN_INSTANCE_CYCLES);
  }

  /** First in a variant in which only time is known, then with all its results. */
  private void addTimed(String name, Problem problem, long seed) {
    String otherwise = name + ", other rates and buffers";
    entries.add(
        new Entry(
            otherwise,
            () -> {
              Problem variant = TimeVariants.of(withCostsOfItsOwn(problem), new Random(seed));
              return new Reference(
                  otherwise, variant, Optional.empty(), EveryIteration.cycles(variant));
            }));
    entries.add(
        new Entry(
            name,
            () -> {
              Problem told = withCostsOfItsOwn(problem);
              return counted(name, told, EveryIteration.cycles(told));
            }));
  }

  /** On its own machine, whose time a walk over all iterations finds. */
  private void addWalked(String name, Problem problem) {
    entries.add(new Entry(name, () -> counted(name, problem, EveryIteration.cycles(problem))));
  }

  /** One whose time was worked out by hand. */
  private void add(String name, Problem problem, long cycles) {
    entries.add(new Entry(name, () -> counted(name, problem, cycles)));
  }

  int size() {
    return entries.size();
  }

  Reference get(int number) {
    return entries.get(number).get();
  }

  /** All that were asked for so far. */
  List<Reference> known() {
    return entries.stream().flatMap(entry -> entry.known().stream()).toList();
  }

  private static Reference counted(String name, Problem problem, long cycles) {
    Counts counts = ScheduleInterpreter.run(problem, RandomProblems.inputs(problem, 5)).counts();
    return new Reference(name, problem, Optional.of(counts), cycles);
  }

  /** On a machine whose levels, directions and operations all have energies of their own. */
  private static Problem withCostsOfItsOwn(Problem problem) {
    Architecture machine = problem.architecture();
    List<MemoryLevel> levels = new ArrayList<>();
    for (MemoryLevel level : machine.levels()) {
      int number = levels.size();
      levels.add(
          new MemoryLevel(
              level.name(),
              level.capacityWords(),
              level.instanceAxes(),
              level.bandwidth(),
              100.0 / (1 + number),
              130.0 / (1 + number)));
    }
    List<ComputeUnit> units = new ArrayList<>();
    for (ComputeUnit unit : machine.units()) {
      units.add(
          new ComputeUnit(
              unit.name(), unit.axes(), costs(unit, units.size()), unit.reads(), unit.writes()));
    }
    return new Problem(
        problem.cascade(),
        problem.schedule(),
        new Architecture(
            machine.name(),
            machine.description(),
            machine.clockHertz(),
            machine.wordBits(),
            levels,
            units,
            machine.links(),
            machine.sources()),
        problem.shapes());
  }

  private static Map<OperationKind, OperationCost> costs(ComputeUnit unit, int number) {
    Map<OperationKind, OperationCost> costs = new EnumMap<>(OperationKind.class);
    List<OperationKind> kinds = List.of(OperationKind.values());
    for (OperationKind kind : unit.operations().keySet()) {
      int place = kinds.indexOf(kind);
      Rational interval = new Rational(1 + (place * 5 + number) % 7, 1 + place % 3);
      costs.put(kind, new OperationCost(interval, 1 + number + 0.25 * place));
    }
    return costs;
  }
}
