package dev.weir.mapper.model;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import java.util.List;
import java.util.Map;

/**
 * What a schedule costs.
 *
 * @param counts words and operations, what the interpreter counts as far as {@code accuracy} says
 * @param latencyCycles a lower bound of what the simulator measures; equal where nothing contends
 * @param bounds what limits each phase, the whole schedule first
 * @param utilisation of every unit: Σ operations × initiation interval ÷ (instances × cycles)
 * @param einsumUtilisation the part of it that each Einsum has in its unit's; the parts of a unit
 *     add up to the unit's. Einsums without operations are left out
 * @param energy by component and action
 * @param seconds latency at the architecture's clock
 * @param accuracy whether a run has these counts: where conditions read tables, they are means over
 *     what the cascade says of these, or upper bounds
 */
public record Cost(
    Counts counts,
    long latencyCycles,
    List<Bound> bounds,
    Map<UnitName, Double> utilisation,
    Map<TensorName, Double> einsumUtilisation,
    Energy energy,
    double seconds,
    Accuracy accuracy) {

  public Cost {
    bounds = List.copyOf(bounds);
    utilisation = Map.copyOf(utilisation);
    einsumUtilisation = Map.copyOf(einsumUtilisation);
  }

  /** Energy × delay in picojoule-seconds. */
  public double energyDelayProduct() {
    return energy.totalPicojoules() * seconds;
  }
}
