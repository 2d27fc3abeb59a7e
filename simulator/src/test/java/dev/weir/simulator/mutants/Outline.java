package dev.weir.simulator.mutants;

import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.UnitStatistics;
import java.util.Comparator;
import java.util.Map;
import java.util.StringJoiner;

/** What of a result is easily worked out by hand, as one line. */
final class Outline {

  private Outline() {}

  /** Cycles; of each unit that works busy cycles and stalls; busy cycles of levels with ports. */
  static String of(SimulationResult result) {
    StringJoiner parts = new StringJoiner("; ");
    parts.add(Long.toString(result.cycles()));
    result
        .units()
        .forEach(
            (name, unit) -> {
              if (unit.busyCycles() > 0) {
                parts.add(name + " " + unit(unit));
              }
            });
    result
        .levels()
        .forEach(
            (name, level) -> {
              if (level.busyCycles() > 0) {
                parts.add(name + " " + level.busyCycles());
              }
            });
    return parts.toString();
  }

  private static String unit(UnitStatistics unit) {
    StringJoiner cycles = new StringJoiner(", ");
    cycles.add(Long.toString(unit.busyCycles()));
    unit.stallCycles().entrySet().stream()
        .sorted(Comparator.comparing((Map.Entry<StallReason, Long> stall) -> stall.getKey().text()))
        .forEach(stall -> cycles.add(stall.getKey().text() + " " + stall.getValue()));
    return cycles.toString();
  }
}
