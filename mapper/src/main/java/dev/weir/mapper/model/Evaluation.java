package dev.weir.mapper.model;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * A workspace in which the tilings of a plan are evaluated, one after another and by one thread at
 * a time. After the first few tilings an evaluation allocates nothing: it fills arrays that belong
 * to the workspace, and all results stay readable until the next one.
 */
public final class Evaluation {

  private final Plan plan;
  private final Numbers numbers;
  private final Kinds kinds;
  private final WorkTime time;
  private final Occupancy occupancy;
  private final long[] peak;
  private final List<Energy.Use> uses = new ArrayList<>();

  /** Position of its use, by output. */
  private final int[] useOf;

  private final double[] picojoulesEach;
  private final double[] picojoules;

  private final List<TensorName> einsums = new ArrayList<>();

  /** Position of its Einsum, by output; -1 for words. */
  private final int[] einsumOf;

  private final double[] intervalCycles;

  /** Position of its unit, by Einsum. */
  private final int[] unitOf;

  private final double[] einsumUtilisation;
  private final double[] unitInstances;
  private final double[] utilisation;
  private long cycles;
  private double totalPicojoules;

  /** By output. */
  private final long[] counts;

  private final long[] given;
  private final long runsBefore;
  private long runs;
  private boolean isByProgram;
  private Optional<PlanProgram.Workspace> program = Optional.empty();

  /**
   * @param runsBefore tilings before the plan is compiled, as for a few that does not pay
   */
  Evaluation(Plan plan, long runsBefore) {
    this.plan = plan;
    this.runsBefore = runsBefore;
    this.given = new long[plan.argumentCount()];
    this.numbers = new Numbers(plan);
    this.kinds = new Kinds(plan, numbers);
    this.time = new WorkTime(plan, numbers, kinds);
    this.occupancy = new Occupancy(plan, numbers, kinds);
    Architecture architecture = plan.architecture();
    this.peak = new long[architecture.levels().size()];
    int outputs = plan.outputs().size();
    this.useOf = new int[outputs];
    this.picojoulesEach = new double[outputs];
    this.einsumOf = new int[outputs];
    this.unitOf = new int[outputs];
    this.intervalCycles = new double[outputs];
    Map<Energy.Use, Integer> known = new HashMap<>();
    for (int output = 0; output < outputs; output++) {
      Energy.Use use = learn(output, architecture);
      useOf[output] = known.computeIfAbsent(use, _ -> uses.size());
      if (useOf[output] == uses.size()) {
        uses.add(use);
      }
    }
    this.counts = new long[outputs];
    this.picojoules = new double[uses.size()];
    this.unitInstances =
        architecture.units().stream().mapToDouble(ComputeUnit::instances).toArray();
    this.utilisation = new double[unitInstances.length];
    this.einsumUtilisation = new double[einsums.size()];
  }

  private Energy.Use learn(int output, Architecture architecture) {
    return switch (plan.outputs().get(output)) {
      case Output.Words(Counts.Traffic traffic) -> {
        MemoryLevel level = architecture.level(traffic.level()).orElseThrow();
        boolean read = traffic.movement().isRead();
        picojoulesEach[output] = read ? level.readPicojoules() : level.writePicojoules();
        einsumOf[output] = -1;
        yield new Energy.Use(level.name().text(), read ? "read" : "write");
      }
      case Output.Operations(Counts.Work work) -> {
        ComputeUnit unit = architecture.unit(work.unit()).orElseThrow();
        OperationKind kind = work.kind();
        OperationCost cost = unit.operations().get(kind);
        picojoulesEach[output] = cost.picojoules();
        einsumOf[output] = position(work.einsum());
        unitOf[einsumOf[output]] = architecture.units().indexOf(unit);
        intervalCycles[output] = cost.initiationIntervalCycles().toDouble();
        yield new Energy.Use(unit.name().text(), kind.text());
      }
    };
  }

  /** Of an Einsum, which one unit computes. */
  private int position(TensorName einsum) {
    if (!einsums.contains(einsum)) {
      einsums.add(einsum);
    }
    return einsums.indexOf(einsum);
  }

  /**
   * Evaluates one tiling.
   *
   * @param arguments values in the order of {@link Plan#argument}; not modified
   * @throws ArithmeticException if a count or a time does not fit a {@code long}
   */
  public void run(long[] arguments) {
    System.arraycopy(arguments, 0, given, 0, given.length);
    if (runs == runsBefore) {
      program = plan.program().map(PlanProgram::workspace);
    }
    runs++;
    if (program.isPresent()) {
      byProgram(program.get());
    } else {
      oneByOne();
    }
    addUp();
  }

  /** A program knows no numbers beyond {@code long} on the way, but does not overlook them. */
  private void byProgram(PlanProgram.Workspace workspace) {
    try {
      workspace.run(given);
    } catch (ArithmeticException tooLarge) {

      oneByOne();
      return;
    }
    isByProgram = true;
    cycles = workspace.cycles();
    for (int level = 1; level < peak.length; level++) {
      peak[level] = workspace.peak(level);
    }
    for (int output = 0; output < counts.length; output++) {
      counts[output] = workspace.count(output);
    }
  }

  private void oneByOne() {
    isByProgram = false;
    numbers.set(given);
    kinds.start();
    cycles = time.cycles();
    for (int level = 1; level < peak.length; level++) {
      peak[level] = occupancy.peak(level);
    }
    System.arraycopy(time.phases().wholeCounts(), 0, counts, 0, counts.length);
  }

  /** Whether the last tiling was evaluated by a program. */
  boolean isByProgram() {
    return isByProgram;
  }

  /** What limits each phase a program does not say; what it says must be right. */
  private void withBounds() {
    if (!isByProgram) {
      return;
    }
    long[] said = LongStream.concat(Arrays.stream(counts), Arrays.stream(peak)).toArray();
    long saidCycles = cycles;
    oneByOne();
    long[] right = LongStream.concat(Arrays.stream(counts), Arrays.stream(peak)).toArray();
    if (saidCycles != cycles || !Arrays.equals(said, right)) {
      throw new IllegalStateException(
          "a compiled plan says %d cycles and %s, a walk over its tree %d cycles and %s"
              .formatted(saidCycles, Arrays.toString(said), cycles, Arrays.toString(right)));
    }
  }

  private void addUp() {
    Arrays.fill(picojoules, 0);
    Arrays.fill(einsumUtilisation, 0);
    Arrays.fill(utilisation, 0);
    for (int output = 0; output < counts.length; output++) {
      picojoules[useOf[output]] += counts[output] * picojoulesEach[output];
      if (einsumOf[output] >= 0) {
        einsumUtilisation[einsumOf[output]] += counts[output] * intervalCycles[output];
      }
    }
    totalPicojoules = 0;
    for (double ofUse : picojoules) {
      totalPicojoules += ofUse;
    }
    for (int einsum = 0; einsum < einsumUtilisation.length; einsum++) {
      int unit = unitOf[einsum];
      einsumUtilisation[einsum] =
          cycles == 0 ? 0 : einsumUtilisation[einsum] / (unitInstances[unit] * cycles);
      utilisation[unit] += einsumUtilisation[einsum];
    }
  }

  /** Latency in cycles: a lower bound of what the simulator measures. */
  public long cycles() {
    return cycles;
  }

  /** Energy of all actions. */
  public double totalPicojoules() {
    return totalPicojoules;
  }

  /** Most words allocated at a time in one instance of a level, by its position from the top. */
  public long peakOccupancyWords(int level) {
    return peak[level];
  }

  /** Utilisation of a unit, by its position in the architecture. */
  public double utilisation(int unit) {
    return utilisation[unit];
  }

  /** Everything, in a form of its own that later evaluations leave alone. */
  public Cost cost() {
    withBounds();
    Architecture architecture = plan.architecture();
    SortedMap<LevelName, Long> occupied = new TreeMap<>();
    for (int level = 1; level < peak.length; level++) {
      occupied.put(architecture.levels().get(level).name(), peak[level]);
    }
    Map<UnitName, Double> busy = new TreeMap<>();
    for (int unit = 0; unit < utilisation.length; unit++) {
      busy.put(architecture.units().get(unit).name(), utilisation[unit]);
    }
    SortedMap<TensorName, Double> busyWith = new TreeMap<>();
    for (int einsum = 0; einsum < einsumUtilisation.length; einsum++) {
      busyWith.put(einsums.get(einsum), einsumUtilisation[einsum]);
    }
    return new Cost(
        counts(occupied),
        cycles,
        time.phases().bounds(),
        busy,
        busyWith,
        energy(),
        cycles / architecture.clockHertz(),
        plan.accuracy(numbers));
  }

  private Counts counts(SortedMap<LevelName, Long> occupied) {
    SortedMap<Counts.Traffic, Long> words = new TreeMap<>();
    SortedMap<Counts.Work, Long> operations = new TreeMap<>();
    for (int output = 0; output < counts.length; output++) {
      switch (plan.outputs().get(output)) {
        case Output.Words(Counts.Traffic traffic) -> words.put(traffic, counts[output]);
        case Output.Operations(Counts.Work work) -> operations.put(work, counts[output]);
      }
    }
    return new Counts(words, operations, occupied);
  }

  /** A use of which nothing happens is left out. */
  private Energy energy() {
    SortedMap<Energy.Use, Double> used = new TreeMap<>();
    for (int output = 0; output < counts.length; output++) {
      if (counts[output] != 0) {
        used.put(uses.get(useOf[output]), picojoules[useOf[output]]);
      }
    }
    return new Energy(used);
  }
}
