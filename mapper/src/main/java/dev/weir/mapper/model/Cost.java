package dev.weir.mapper.model;

import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import java.util.List;
import java.util.Map;

/**
 * What a schedule costs.
 *
 * @param counts words and operations, equal to what the interpreter counts
 * @param latencyCycles a lower bound of what the simulator measures; equal where nothing contends
 * @param bounds what limits each phase, the whole schedule first
 * @param utilisation of every unit: Σ operations × initiation interval ÷ (instances × cycles)
 * @param energy by component and action
 * @param seconds latency at the architecture's clock
 * @param denseUpperBound whether some Einsum has a condition that is not counted exactly, such as
 *     one on values of a tensor: all its points are then counted as if present, so operations,
 *     operand traffic and time are upper bounds of what really happens
 */
public record Cost(
    Counts counts,
    long latencyCycles,
    List<Bound> bounds,
    Map<UnitName, Double> utilisation,
    Energy energy,
    double seconds,
    boolean denseUpperBound) {

  public Cost {
    bounds = List.copyOf(bounds);
    utilisation = Map.copyOf(utilisation);
  }

  /** Energy × delay in picojoule-seconds. */
  public double energyDelayProduct() {
    return energy.totalPicojoules() * seconds;
  }
}
