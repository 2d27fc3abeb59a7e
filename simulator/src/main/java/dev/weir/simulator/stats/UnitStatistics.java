package dev.weir.simulator.stats;

import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.schedule.Problem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the cycles of a compute unit went. Busy and stall cycles add up to all cycles.
 *
 * @param busyCycles in which it starts or repeats operations, tails and idle lanes included
 * @param utilisation Σ operations × initiation interval ÷ (instances × cycles), from 0 to 1
 * @param stallCycles the others by reason; reasons that did not occur are missing
 */
public record UnitStatistics(
    long busyCycles, double utilisation, Map<StallReason, Long> stallCycles) {

  public UnitStatistics {
    stallCycles = Collections.unmodifiableMap(new LinkedHashMap<>(stallCycles));
  }

  /** Of a unit after a run of a problem of so many cycles that counted these operations. */
  public static UnitStatistics of(
      Problem problem, ComputeUnit unit, UnitCycles spent, Counts counts, long allCycles) {
    double busy = 0;
    for (Map.Entry<Counts.Work, Long> work : counts.operations().entrySet()) {
      if (work.getKey().unit().equals(unit.name())) {
        ComputeUnit doing = problem.unitOf(work.getKey().einsum()).orElseThrow();
        OperationCost cost = doing.operations().get(work.getKey().kind());
        busy += work.getValue() * cost.initiationIntervalCycles().toDouble();
      }
    }
    double utilisation = allCycles == 0 ? 0 : busy / (unit.instances() * allCycles);
    return new UnitStatistics(spent.busyCycles(), utilisation, spent.stallCycles());
  }

  /** Without utilisation. */
  public UnitCycles unitCycles() {
    return new UnitCycles(busyCycles, stallCycles);
  }

  public long allStallCycles() {
    return stallCycles.values().stream().mapToLong(Long::longValue).sum();
  }
}
