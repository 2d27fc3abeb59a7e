package dev.weir.mapper.model;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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
  private final Usage usage;
  private final long[] given;
  private final long runsBefore;
  private long runs;
  private Optional<PlanProgram.Workspace> program = Optional.empty();
  private boolean isByProgram;
  private long cycles;
  private final long[] peak;

  /** Counts by output, from a position on. */
  private long[] counts;

  private int firstCount;

  /**
   * @param runsBefore tilings before the plan is compiled, as for a few that does not pay
   */
  Evaluation(Plan plan, long runsBefore) {
    this.plan = plan;
    this.numbers = new Numbers(plan);
    this.kinds = new Kinds(plan, numbers);
    this.time = new WorkTime(plan, numbers, kinds);
    this.occupancy = new Occupancy(plan, numbers, kinds);
    this.usage = new Usage(plan);
    this.given = new long[plan.argumentCount()];
    this.runsBefore = runsBefore;
    this.peak = new long[plan.architecture().levels().size()];
    this.counts = time.phases().wholeCounts();
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
      byWalk();
    }
    usage.addUp(counts, firstCount, cycles);
  }

  /** A value that is too large may belong to iterations that the tiling does not have. */
  private void byProgram(PlanProgram.Workspace workspace) {
    try {
      workspace.run(given);
    } catch (ArithmeticException tooLarge) {
      byWalk();
      return;
    }
    isByProgram = true;
    cycles = workspace.cycles();
    for (int level = 1; level < peak.length; level++) {
      peak[level] = workspace.peak(level);
    }
    counts = workspace.memory();
    firstCount = workspace.firstCount();
  }

  private void byWalk() {
    isByProgram = false;
    numbers.set(given);
    kinds.start();
    cycles = time.cycles();
    for (int level = 1; level < peak.length; level++) {
      peak[level] = occupancy.peak(level);
    }
    counts = time.phases().wholeCounts();
    firstCount = 0;
  }

  /** Whether the last tiling was evaluated by a program. */
  boolean isByProgram() {
    return isByProgram;
  }

  /** A program does not say what limits each phase; what it says must be so in a walk, too. */
  private void walkAfterProgram() {
    if (!isByProgram) {
      return;
    }
    String said = results();
    byWalk();
    if (!said.equals(results())) {
      throw new IllegalStateException(
          "a program of the plan says %s; a walk over its tree says %s".formatted(said, results()));
    }
  }

  private String results() {
    long[] counted = Arrays.copyOfRange(counts, firstCount, firstCount + plan.outputs().size());
    return "%d cycles, peaks %s words, counts %s"
        .formatted(cycles, Arrays.toString(peak), Arrays.toString(counted));
  }

  /** Latency in cycles: a lower bound of what the simulator measures. */
  public long cycles() {
    return cycles;
  }

  /** Energy of all actions. */
  public double totalPicojoules() {
    return usage.totalPicojoules();
  }

  /** Most words allocated at a time in one instance of a level, by its position from the top. */
  public long peakOccupancyWords(int level) {
    return peak[level];
  }

  /** Utilisation of a unit, by its position in the architecture. */
  public double utilisation(int unit) {
    return usage.utilisation(unit);
  }

  /** Everything, in a form of its own that later evaluations leave alone. */
  public Cost cost() {
    walkAfterProgram();
    Architecture architecture = plan.architecture();
    return new Cost(
        counted(),
        cycles,
        time.phases().bounds(),
        usage.byUnit(),
        usage.byEinsum(),
        usage.energy(counts),
        cycles / architecture.clockHertz(),
        plan.accuracy(numbers));
  }

  private Counts counted() {
    SortedMap<LevelName, Long> occupied = new TreeMap<>();
    for (int level = 1; level < peak.length; level++) {
      occupied.put(plan.architecture().levels().get(level).name(), peak[level]);
    }
    SortedMap<Counts.Traffic, Long> words = new TreeMap<>();
    SortedMap<Counts.Work, Long> operations = new TreeMap<>();
    for (int output = 0; output < plan.outputs().size(); output++) {
      switch (plan.outputs().get(output)) {
        case Output.Words(Counts.Traffic traffic) -> words.put(traffic, counts[output]);
        case Output.Operations(Counts.Work work) -> operations.put(work, counts[output]);
      }
    }
    return new Counts(words, operations, occupied);
  }
}
