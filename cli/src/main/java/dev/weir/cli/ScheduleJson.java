package dev.weir.cli;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.model.Accuracy;
import dev.weir.mapper.model.Bound;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Part;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.LoopNests;
import dev.weir.reports.parts.UtilisationParts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A legal schedule and its cost as a tree of maps and lists; docs/cost-model.md has every key. */
final class ScheduleJson {

  private ScheduleJson() {}

  /** The whole document. */
  static Map<String, Object> of(Problem problem, Cost cost) {
    Architecture machine = problem.architecture();
    Map<String, Object> out =
        map(
            "schedule", problem.schedule().name(),
            "cascade", problem.cascade().name(),
            "architecture", machine.name(),
            "parameters", new TreeMap<>(problem.schedule().parameters()),
            "shapes", shapes(problem),
            "tree", LoopNests.of("", "", problem).lines().stream().map(ScheduleJson::line).toList(),
            "accuracy", accuracy(cost.accuracy()),
            "latencyCycles", cost.latencyCycles(),
            "seconds", cost.seconds(),
            "offChipWords", CostParts.offChipWords(machine, cost.counts()),
            "bottleneck", UtilisationParts.bottleneck(machine, cost, ScheduleText.SOURCE),
            "phases", cost.bounds().stream().map(bound -> phase(problem, bound)).toList(),
            "levels", machine.levels().stream().map(level -> level(level, cost.counts())).toList(),
            "units", machine.units().stream().map(unit -> unit(unit, cost)).toList());
    if (CostParts.hasEnergy(machine)) {
      out.put("picojoules", cost.energy().totalPicojoules());
      out.put("energy", energy(cost));
    }
    out.put(
        "idealisations",
        machine.idealisations().stream()
            .map(one -> map("what", one.words(), "source", one.source()))
            .toList());
    return out;
  }

  private static Map<String, Object> accuracy(Accuracy accuracy) {
    return switch (accuracy) {
      case Accuracy.Exact _ -> map("counts", "exact");
      case Accuracy.Expected expected ->
          map(
              "counts",
              "expected",
              "tables",
              expected.tables().stream()
                  .map(drawn -> map("table", drawn.table().text(), "values", drawn.values()))
                  .toList());
      case Accuracy.UpperBound bound ->
          map(
              "counts",
              "upper bound",
              "einsums",
              bound.einsums().stream().map(TensorName::text).toList());
    };
  }

  private static Map<String, Long> shapes(Problem problem) {
    Map<String, Long> shapes = new TreeMap<>();
    Stream.concat(
            problem.cascade().workloadRanks().stream(),
            problem.schedule().shapes().keySet().stream())
        .forEach(rank -> shapes.put(rank.text(), problem.shapes().of(rank)));
    return shapes;
  }

  private static Map<String, Object> line(Part.LoopNest.Line line) {
    return map("depth", line.depth(), "text", line.text(), "note", line.note());
  }

  private static Map<String, Object> phase(Problem problem, Bound bound) {
    Map<String, Long> bandwidth = new LinkedHashMap<>();
    bound.bandwidthCycles().forEach((level, cycles) -> bandwidth.put(level.text(), cycles));
    return map(
        "phase", CostParts.phase(problem, bound.phase()),
        "cycles", bound.cycles(),
        "structureCycles", bound.structureCycles(),
        "bandwidthCycles", bandwidth,
        "limitingLevel", bound.limitingLevel().map(level -> level.text()).orElse(null));
  }

  private static Map<String, Object> level(MemoryLevel level, Counts counts) {
    return map(
        "level", level.name().text(),
        "capacityWords", level.capacityWords().orElse(null),
        "peakOccupancyWords",
            level.capacityWords().isPresent()
                ? counts.peakOccupancyWords().getOrDefault(level.name(), 0L)
                : null,
        "traffic", traffic(level, counts));
  }

  private static List<Map<String, Object>> traffic(MemoryLevel level, Counts counts) {
    Map<TensorName, Map<String, Object>> byTensor = new TreeMap<>();
    counts
        .trafficWords()
        .forEach(
            (traffic, words) -> {
              if (traffic.level().equals(level.name())) {
                byTensor
                    .computeIfAbsent(traffic.tensor(), tensor -> map("tensor", tensor.text()))
                    .put(key(traffic.movement()), words);
              }
            });
    return new ArrayList<>(byTensor.values());
  }

  private static String key(Movement movement) {
    return switch (movement) {
      case READ -> "readWords";
      case WRITE -> "writtenWords";
      case PARTIAL_READ -> "partialReadWords";
      case PARTIAL_WRITE -> "partialWrittenWords";
    };
  }

  private static Map<String, Object> unit(ComputeUnit unit, Cost cost) {
    return map(
        "unit", unit.name().text(),
        "instances", unit.instances(),
        "utilisation", cost.utilisation().get(unit.name()),
        "einsums",
            UtilisationParts.einsums(cost, unit).stream()
                .map(
                    einsum ->
                        map(
                            "einsum", einsum.text(),
                            "operations", operations(einsum, unit, cost.counts()),
                            "utilisation", cost.einsumUtilisation().get(einsum)))
                .toList());
  }

  private static Map<String, Long> operations(TensorName einsum, ComputeUnit unit, Counts counts) {
    Map<String, Long> operations = new LinkedHashMap<>();
    counts
        .operations()
        .forEach(
            (work, count) -> {
              if (work.einsum().equals(einsum) && work.unit().equals(unit.name())) {
                operations.put(work.kind().text(), count);
              }
            });
    return operations;
  }

  private static List<Map<String, Object>> energy(Cost cost) {
    return cost.energy().picojoules().entrySet().stream()
        .map(
            use ->
                map(
                    "component", use.getKey().component(),
                    "action", use.getKey().action(),
                    "picojoules", use.getValue()))
        .toList();
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
