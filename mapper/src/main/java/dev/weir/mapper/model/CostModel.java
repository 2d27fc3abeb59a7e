package dev.weir.mapper.model;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.schedule.PlainReading;
import dev.weir.mapper.schedule.Problem;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a legal schedule costs, in closed form: no iteration is visited, so time and memory depend
 * on the size of the tree and not on shapes.
 */
public final class CostModel {

  private CostModel() {}

  /**
   * Evaluates a schedule.
   *
   * @param problem a legal one
   * @throws ArithmeticException if a count or a time does not fit a {@code long}
   * @throws IllegalArgumentException if the tree has one of the forms that {@code
   *     docs/cost-model.md} excludes; the message names it
   */
  public static Cost evaluate(Problem problem) {
    PlainReading.exception(problem)
        .ifPresent(
            what -> {
              throw new IllegalArgumentException("the cost model does not count " + what + " yet");
            });
    Plan plan = new PlanBuilder(problem).build();
    Transfers transfers = new Transfers(plan);
    WorkTime time = new WorkTime(plan, transfers);
    long cycles = time.cycles();
    Counts counts = counts(plan, new Occupancy(plan, transfers));
    return new Cost(
        counts,
        cycles,
        time.bounds(),
        utilisation(problem.architecture(), counts, cycles),
        energy(problem.architecture(), counts),
        cycles / problem.architecture().clockHertz(),
        problem.cascade().einsums().stream().anyMatch(e -> e.condition().isPresent()));
  }

  private static Counts counts(Plan plan, Occupancy occupancy) {
    SortedMap<Counts.Traffic, Long> words = new TreeMap<>();
    SortedMap<Counts.Work, Long> operations = new TreeMap<>();
    Ranges whole = plan.whole();
    for (int site = 0; site < plan.sites().size(); site++) {
      for (Term term : plan.terms(site)) {
        long value = term.value(whole, 0);
        term.traffic().ifPresent(traffic -> words.merge(traffic, value, Math::addExact));
        term.work().ifPresent(work -> operations.merge(work, value, Math::addExact));
      }
    }
    return new Counts(words, operations, occupancy.peak());
  }

  private static Map<UnitName, Double> utilisation(
      Architecture architecture, Counts counts, long cycles) {
    Map<UnitName, Double> result = new TreeMap<>();
    for (ComputeUnit unit : architecture.units()) {
      double busy =
          counts.operations().entrySet().stream()
              .filter(work -> work.getKey().unit().equals(unit.name()))
              .mapToDouble(work -> work.getValue() * intervalCycles(unit, work.getKey()))
              .sum();
      result.put(unit.name(), cycles == 0 ? 0 : busy / (unit.instances() * cycles));
    }
    return result;
  }

  private static double intervalCycles(ComputeUnit unit, Counts.Work work) {
    return unit.operations().get(work.kind()).initiationIntervalCycles().toDouble();
  }

  private static Energy energy(Architecture architecture, Counts counts) {
    SortedMap<Energy.Use, Double> picojoules = new TreeMap<>();
    counts
        .trafficWords()
        .forEach(
            (traffic, words) -> {
              MemoryLevel level = architecture.level(traffic.level()).orElseThrow();
              boolean read = traffic.movement().isRead();
              double each = read ? level.readPicojoules() : level.writePicojoules();
              picojoules.merge(
                  new Energy.Use(level.name().text(), read ? "read" : "write"),
                  words * each,
                  Double::sum);
            });
    counts
        .operations()
        .forEach(
            (work, count) -> {
              ComputeUnit unit = architecture.unit(work.unit()).orElseThrow();
              OperationCost cost = unit.operations().get(work.kind());
              picojoules.merge(
                  new Energy.Use(unit.name().text(), work.kind().text()),
                  count * cost.picojoules(),
                  Double::sum);
            });
    return new Energy(picojoules);
  }
}
