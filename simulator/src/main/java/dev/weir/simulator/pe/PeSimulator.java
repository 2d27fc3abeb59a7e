package dev.weir.simulator.pe;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.component.Memory;
import dev.weir.simulator.stats.LevelStatistics;
import dev.weir.simulator.stats.Profile;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.Timeline;
import dev.weir.simulator.stats.UnitCycles;
import dev.weir.simulator.stats.UnitStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Runs a schedule with values on every processing element of its machine, cycle by cycle. It shares
 * memories and their ports with the tile-level engine and nothing else, so that agreement of both
 * says something. What a schedule means is defined in {@code docs/schedule.md}, what simulators add
 * to it in {@code docs/simulator.md}.
 */
public final class PeSimulator {

  private PeSimulator() {}

  /** Why a legal problem cannot be run, if so. */
  public static Optional<String> refusal(Problem problem) {
    return Refusals.of(problem);
  }

  /**
   * Simulates one run in double precision. Running time is the number of cycles in which units have
   * work, times their processing elements, and besides that the number of all cycles.
   *
   * @param problem a legal one without {@link #refusal}
   * @param inputs values of every input tensor; not modified
   * @throws java.util.concurrent.CancellationException when the calling thread is interrupted
   * @throws IllegalArgumentException when the schedule names what does not exist
   * @throws IllegalStateException when the schedule is not legal: it needs more room than there is,
   *     asks one unit for two things at a time, reads what is not there, or waits for itself
   */
  public static PeRun simulate(Problem problem, Map<TensorName, DenseTensor> inputs) {
    return simulate(problem, inputs, new DoublePrecision());
  }

  /** The same with other numbers. */
  public static PeRun simulate(
      Problem problem, Map<TensorName, DenseTensor> inputs, Arithmetic arithmetic) {
    Parts parts = new Parts(problem, arithmetic);
    Room room = new Room(parts);
    Map<LevelName, Long> peak = room.peakWords();
    peak.forEach((level, words) -> parts.memory(level).hold(words));
    peak.remove(problem.architecture().top().name());
    fill(parts, inputs);
    Assembler assembler = new Assembler(parts, Stack.regions(parts, room));
    List<Instruction> program = assembler.assemble();
    Sequencer sequencer = new Sequencer(program, assembler.keeps(), parts.clock(), parts.tally());
    if (!sequencer.run(assembler.loopCount())) {
      throw new IllegalStateException(
          "schedule %s waits for itself in cycle %d"
              .formatted(problem.schedule().name(), parts.clock().now()));
    }
    Counts counts = parts.tally().counts(peak);
    long cycles = parts.clock().now();
    SimulationResult result =
        new SimulationResult(
            counts,
            cycles,
            units(parts, counts, cycles),
            levels(parts, counts, cycles),
            new Timeline(cycles, List.of()),
            Profile.NONE);
    long stepped = assembler.elements().stream().mapToLong(ProcessingElements::steppedCycles).sum();
    return run(parts, result, stepped);
  }

  private static void fill(Parts parts, Map<TensorName, DenseTensor> inputs) {
    for (Tensor tensor : parts.problem().cascade().tensors()) {
      if (tensor.role() == Tensor.Role.INTERMEDIATE) {
        continue;
      }
      Tile tile = parts.top(tensor.name()).orElseThrow().open(new long[0]);
      for (int offset = 0; offset < tile.numbers.length; offset++) {
        tile.mark(offset, Tile.THERE);
      }
      if (tensor.role() == Tensor.Role.INPUT) {
        DenseTensor given =
            Optional.ofNullable(inputs.get(tensor.name()))
                .orElseThrow(
                    () ->
                        new IllegalArgumentException("input " + tensor.name() + " has no values"));
        double[] values = given.values();
        for (int offset = 0; offset < values.length; offset++) {
          tile.put(offset, parts.arithmetic().of(values[offset]));
        }
      }
    }
  }

  private static PeRun run(Parts parts, SimulationResult result, long steppedCycles) {
    Map<TensorName, long[]> numbers = new HashMap<>();
    Map<TensorName, DenseTensor> tensors = new HashMap<>();
    for (Tensor tensor : parts.problem().cascade().tensors()) {
      if (tensor.role() == Tensor.Role.OUTPUT) {
        Tile tile = parts.top(tensor.name()).orElseThrow().at(new long[0]);
        numbers.put(tensor.name(), tile.numbers);
        TensorLayout layout = parts.layout(tensor.name());
        DenseTensor values = new DenseTensor(layout.shape(), tensor.empty());
        for (int offset = 0; offset < tile.numbers.length; offset++) {
          double value = parts.arithmetic().toDouble(tile.numbers[offset]);
          values.set(value, layout.coordinate(offset));
        }
        tensors.put(tensor.name(), values);
      }
    }
    return new PeRun(result, numbers, tensors, steppedCycles);
  }

  private static SortedMap<UnitName, UnitStatistics> units(
      Parts parts, Counts counts, long cycles) {
    SortedMap<UnitName, UnitStatistics> units = new TreeMap<>();
    for (UnitAccount account : parts.units()) {
      ComputeUnit unit = parts.problem().architecture().unit(account.name()).orElseThrow();
      UnitCycles spent = new UnitCycles(account.busyCycles(), account.stallCycles());
      units.put(account.name(), UnitStatistics.of(parts.problem(), unit, spent, counts, cycles));
    }
    return units;
  }

  private static SortedMap<LevelName, LevelStatistics> levels(
      Parts parts, Counts counts, long cycles) {
    SortedMap<LevelName, LevelStatistics> levels = new TreeMap<>();
    for (Memory memory : parts.memories()) {
      levels.put(memory.name(), memory.statistics(counts, cycles));
    }
    return levels;
  }
}
