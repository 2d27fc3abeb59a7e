package dev.weir.mapper.model;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The energy of what is counted, and the utilisation of the units that do it. */
final class Usage {

  private final Architecture architecture;
  private final Map<TensorName, ComputeSite> computes;
  private final List<Energy.Use> uses;

  /** Outputs by use. */
  private final int[][] outputsOfUse;

  private final double[] picojoulesEach;
  private final double[] picojoules;
  private final List<TensorName> einsums;

  /** Outputs by Einsum. */
  private final int[][] outputsOfEinsum;

  /** Cycles that a unit takes for each, in the same order. */
  private final double[][] intervalCycles;

  /** Position of its unit, by Einsum. */
  private final int[] unitOf;

  private final double[] einsumUtilisation;
  private final double[] unitInstances;
  private final double[] utilisation;
  private double totalPicojoules;

  Usage(Plan plan) {
    this.architecture = plan.architecture();
    this.computes = plan.computes();
    Map<Energy.Use, List<Integer>> byUse = new LinkedHashMap<>();
    Map<TensorName, List<Integer>> byEinsum = new LinkedHashMap<>();
    List<Output> outputs = plan.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      byUse.computeIfAbsent(use(outputs.get(i)), _ -> new ArrayList<>()).add(i);
      if (outputs.get(i) instanceof Output.Operations(Counts.Work work)) {
        byEinsum.computeIfAbsent(work.einsum(), _ -> new ArrayList<>()).add(i);
      }
    }
    this.uses = List.copyOf(byUse.keySet());
    this.outputsOfUse = positions(byUse);
    this.picojoulesEach =
        byUse.values().stream().mapToDouble(some -> each(outputs.get(some.getFirst()))).toArray();
    this.picojoules = new double[uses.size()];
    this.einsums = List.copyOf(byEinsum.keySet());
    this.outputsOfEinsum = positions(byEinsum);
    this.intervalCycles =
        byEinsum.values().stream()
            .map(some -> some.stream().mapToDouble(i -> interval(outputs.get(i))).toArray())
            .toArray(double[][]::new);
    this.unitOf =
        byEinsum.values().stream().mapToInt(some -> unit(outputs.get(some.getFirst()))).toArray();
    this.einsumUtilisation = new double[einsums.size()];
    this.unitInstances =
        architecture.units().stream().mapToDouble(ComputeUnit::instances).toArray();
    this.utilisation = new double[unitInstances.length];
  }

  private static int[][] positions(Map<?, List<Integer>> groups) {
    return groups.values().stream()
        .map(some -> some.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }

  private Energy.Use use(Output output) {
    return switch (output) {
      case Output.Words(Counts.Traffic traffic) ->
          new Energy.Use(traffic.level().text(), traffic.movement().isRead() ? "read" : "write");
      case Output.Operations(Counts.Work work) ->
          new Energy.Use(work.unit().text(), computes.get(work.einsum()).action(work.kind()));
    };
  }

  private double each(Output output) {
    return switch (output) {
      case Output.Words(Counts.Traffic traffic) -> {
        MemoryLevel level = architecture.level(traffic.level()).orElseThrow();
        yield traffic.movement().isRead() ? level.readPicojoules() : level.writePicojoules();
      }
      case Output.Operations(Counts.Work work) -> cost(work).picojoules();
    };
  }

  private OperationCost cost(Counts.Work work) {
    return computes.get(work.einsum()).unit().operations().get(work.kind());
  }

  private double interval(Output output) {
    return output instanceof Output.Operations(Counts.Work work)
        ? cost(work).initiationIntervalCycles().toDouble()
        : 0;
  }

  /** Of an Einsum, which one unit computes. */
  private int unit(Output output) {
    return output instanceof Output.Operations(Counts.Work work)
        ? architecture.units().indexOf(architecture.unit(work.unit()).orElseThrow())
        : -1;
  }

  /**
   * Adds up what is counted.
   *
   * @param counts by output, from a position on
   */
  void addUp(long[] counts, int from, long cycles) {
    totalPicojoules = 0;
    for (int use = 0; use < picojoules.length; use++) {
      long sum = 0;
      for (int output : outputsOfUse[use]) {
        sum = Math.addExact(sum, counts[from + output]);
      }
      picojoules[use] = sum * picojoulesEach[use];
      totalPicojoules += picojoules[use];
    }
    for (int unit = 0; unit < utilisation.length; unit++) {
      utilisation[unit] = 0;
    }
    for (int einsum = 0; einsum < einsumUtilisation.length; einsum++) {
      double busy = 0;
      int[] outputs = outputsOfEinsum[einsum];
      double[] each = intervalCycles[einsum];
      for (int i = 0; i < outputs.length; i++) {
        busy += counts[from + outputs[i]] * each[i];
      }
      int unit = unitOf[einsum];
      double available = unitInstances[unit] * cycles;
      einsumUtilisation[einsum] = cycles == 0 ? 0 : busy / available;
      utilisation[unit] += einsumUtilisation[einsum];
    }
  }

  /** Energy of all actions. */
  double totalPicojoules() {
    return totalPicojoules;
  }

  /** Of a unit, by its position in the architecture. */
  double utilisation(int unit) {
    return utilisation[unit];
  }

  Map<UnitName, Double> byUnit() {
    Map<UnitName, Double> busy = new TreeMap<>();
    for (int unit = 0; unit < utilisation.length; unit++) {
      busy.put(architecture.units().get(unit).name(), utilisation[unit]);
    }
    return busy;
  }

  Map<TensorName, Double> byEinsum() {
    Map<TensorName, Double> busy = new TreeMap<>();
    for (int einsum = 0; einsum < einsumUtilisation.length; einsum++) {
      busy.put(einsums.get(einsum), einsumUtilisation[einsum]);
    }
    return busy;
  }

  /**
   * The energy; a use of which nothing happens is left out.
   *
   * @param counts by output
   */
  Energy energy(long[] counts) {
    SortedMap<Energy.Use, Double> used = new TreeMap<>();
    for (int use = 0; use < picojoules.length; use++) {
      for (int output : outputsOfUse[use]) {
        if (counts[output] != 0) {
          used.put(uses.get(use), picojoules[use]);
        }
      }
    }
    return new Energy(used);
  }
}
