package dev.weir.mapper.model.mutants;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.schedule.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A problem with what interpreter and walk over all iterations say about it, or what was worked out
 * by hand.
 *
 * @param name says which problem it is
 * @param problem the problem
 * @param counts what the interpreter counts; empty when only the time was worked out
 * @param cycles latency; {@link #UNKNOWN} where only counts were worked out
 * @param accuracy what the counts are, by the name of the case
 */
record Reference(
    String name, Problem problem, Optional<Counts> counts, long cycles, String accuracy) {

  static final long UNKNOWN = -1;

  private static final double TOLERANCE = 1e-9;

  /** Counts that are those of every run. */
  Reference(String name, Problem problem, Optional<Counts> counts, long cycles) {
    this(name, problem, counts, cycles, "Exact");
  }

  /** How a model gives itself away; nothing if it does not. */
  Optional<Fate> judge(LoadedModel model) {
    try {
      Optional<Fate> alone = difference(model.alone(problem));
      return alone.isPresent() ? alone : difference(model.afterAnother(problem));
    } catch (LoadedModel.Failure failure) {
      return Optional.of(Fate.EXCEPTION);
    }
  }

  /**
   * How a model gives itself away when it runs a program of the plan, whose sizes alone must
   * decide; nothing if it does not, or cannot.
   */
  Optional<Fate> judgeProgram(LoadedModel model) {
    try {
      return model.byProgram(problem).flatMap(this::difference);
    } catch (LoadedModel.Failure failure) {
      return Optional.of(
          failure.getCause() instanceof IllegalStateException ? Fate.PROGRAM : Fate.EXCEPTION);
    }
  }

  private Optional<Fate> difference(Answer answer) {
    if (counts.isPresent()) {
      Counts expected = counts.get();
      if (!answer.counts().trafficWords().equals(expected.trafficWords())
          || !answer.counts().operations().equals(expected.operations())) {
        return Optional.of(Fate.COUNTS);
      }
      if (!answer.counts().peakOccupancyWords().equals(expected.peakOccupancyWords())) {
        return Optional.of(Fate.OCCUPANCY);
      }
    }
    if (cycles != UNKNOWN && answer.cycles() != cycles) {
      return Optional.of(Fate.CYCLES);
    }
    if (!answer.accuracy().equals(accuracy)) {
      return Optional.of(Fate.CLAIM);
    }
    if (counts.isPresent() && !isClose(answer.picojoules(), picojoules(counts.get()))) {
      return Optional.of(Fate.ENERGY);
    }
    return counts.isPresent()
            && cycles != UNKNOWN
            && !isClose(answer.utilisation(), utilisation(counts.get()))
        ? Optional.of(Fate.UTILISATION)
        : Optional.empty();
  }

  private static <K> boolean isClose(Map<K, Double> left, Map<K, Double> right) {
    return left.keySet().equals(right.keySet())
        && left.keySet().stream()
            .allMatch(
                key ->
                    Math.abs(left.get(key) - right.get(key))
                        <= TOLERANCE * Math.abs(right.get(key)));
  }

  private Map<String, Double> picojoules(Counts of) {
    Architecture architecture = problem.architecture();
    Map<String, Double> sums = new TreeMap<>();
    of.trafficWords()
        .forEach(
            (traffic, words) -> {
              MemoryLevel level = architecture.level(traffic.level()).orElseThrow();
              boolean isRead = traffic.movement().isRead();
              double each = isRead ? level.readPicojoules() : level.writePicojoules();
              sums.merge(level.name() + (isRead ? " read" : " write"), words * each, Double::sum);
            });
    of.operations()
        .forEach(
            (work, operations) -> {
              ComputeUnit unit = architecture.unit(work.unit()).orElseThrow();
              double each = unit.operations().get(work.kind()).picojoules();
              sums.merge(unit.name() + " " + work.kind().text(), operations * each, Double::sum);
            });
    return sums;
  }

  private Map<UnitName, Double> utilisation(Counts of) {
    Map<UnitName, Double> shares = new TreeMap<>();
    for (ComputeUnit unit : problem.architecture().units()) {
      double busy =
          of.operations().entrySet().stream()
              .filter(work -> work.getKey().unit().equals(unit.name()))
              .mapToDouble(
                  work -> {
                    var cost = unit.operations().get(work.getKey().kind());
                    return work.getValue() * cost.initiationIntervalCycles().toDouble();
                  })
              .sum();
      shares.put(unit.name(), cycles == 0 ? 0 : busy / unit.instances() / cycles);
    }
    return shares;
  }
}
