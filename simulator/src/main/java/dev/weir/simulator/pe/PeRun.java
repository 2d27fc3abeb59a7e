package dev.weir.simulator.pe;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.simulator.stats.SimulationResult;
import java.util.HashMap;
import java.util.Map;

/** One run of a schedule on its processing elements: when, how often, and with what result. */
public final class PeRun {

  private final SimulationResult result;
  private final Map<TensorName, long[]> numbers;
  private final Map<TensorName, DenseTensor> tensors;
  private final long steppedCycles;

  PeRun(
      SimulationResult result,
      Map<TensorName, long[]> numbers,
      Map<TensorName, DenseTensor> tensors,
      long steppedCycles) {
    this.result = result;
    this.numbers = new HashMap<>(numbers);
    this.tensors = Map.copyOf(tensors);
    this.steppedCycles = steppedCycles;
  }

  /** Counts, cycles and where they went; without a timeline. */
  public SimulationResult result() {
    return result;
  }

  /** Values of every output as real numbers. */
  public Map<TensorName, DenseTensor> outputs() {
    return tensors;
  }

  /** A copy of the numbers of an output in row-major order, as the arithmetic has them. */
  public long[] numbers(TensorName output) {
    return numbers.get(output).clone();
  }

  /** Cycles of nests × processing elements that stepped through them. */
  public long steppedCycles() {
    return steppedCycles;
  }
}
