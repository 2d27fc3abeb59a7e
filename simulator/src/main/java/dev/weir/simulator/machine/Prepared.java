package dev.weir.simulator.machine;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.component.ComputeArray;
import dev.weir.simulator.component.Memory;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import java.util.IdentityHashMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** A problem prepared for one run: the machine, the program, and counters that start at 0. */
public final class Prepared implements Stateful {

  private final Machine machine;
  private final Program program;
  private final Counters counters;
  private final Ranges start;
  private final Coordinates coordinates;

  private Prepared(
      Machine machine, Program program, Counters counters, Ranges start, Coordinates coordinates) {
    this.machine = machine;
    this.program = program;
    this.counters = counters;
    this.start = start;
    this.coordinates = coordinates;
  }

  /**
   * Prepares a legal problem.
   *
   * @throws IllegalArgumentException when it names what does not exist
   * @throws IllegalStateException when it needs more room than there is
   */
  public static Prepared of(Problem problem) {
    Machine machine = new Machine(problem.architecture());
    Preparation given = Preparation.of(problem, machine, new IdentityHashMap<>());
    ProgramBuilder builder = new ProgramBuilder(given);
    ProgramBuilder.Built built = builder.build();
    Ranges start = new Ranges(given.ranks(), builder.loopCount());
    if (machine.memories().stream().anyMatch(Memory::hasBanks)) {
      // Where keeps lie follows from all of them, and decides what each asks of ports.
      given = Preparation.of(problem, machine, Regions.of(built.occupancy(), start));
      built = new ProgramBuilder(given).build();
    }
    built.occupancy().peak(start).forEach(Memory::hold);
    return new Prepared(
        machine,
        built.program(),
        given.counters(),
        start,
        new Coordinates(problem.cascade(), given.ranks()));
  }

  public Machine machine() {
    return machine;
  }

  public Program program() {
    return program;
  }

  /** Where the run begins. */
  public Ranges start() {
    return start;
  }

  /** Says in words where something stands. */
  public Coordinates coordinates() {
    return coordinates;
  }

  /** Takes note that something ran. */
  public void count(Cost cost) {
    counters.add(cost.counts());
  }

  /** What was counted, and the state of the machine. */
  @Override
  public void walk(StateWalk walk) {
    counters.walk(walk);
    for (Memory memory : machine.memories()) {
      memory.walk(walk);
    }
    for (ComputeArray unit : machine.units()) {
      unit.walk(walk);
    }
  }

  /** All that was counted so far. */
  public Counts counts() {
    SortedMap<LevelName, Long> peak = new TreeMap<>();
    for (Memory memory : machine.memories().subList(1, machine.memories().size())) {
      peak.put(memory.name(), memory.peakWords());
    }
    return counters.counts(peak);
  }
}
