package dev.weir.cli.reproduction;

import dev.weir.cli.experiment.Library;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.model.Bound;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.Evaluation;
import dev.weir.mapper.model.Plan;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.Violation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a design costs at a point. A design may run shares of its work by different schedules. */
final class PointEvaluator {

  private final Library library;
  private final Reproduction.Design design;
  private final Architecture machine;
  private final Map<Path, Evaluation> evaluations = new HashMap<>();
  private final Map<Path, Plan> plans = new HashMap<>();

  /**
   * A share of the work and how it runs.
   *
   * @param share of 1
   */
  record Part(Path schedule, double share) {}

  /**
   * Figures of a whole point.
   *
   * @param units utilisation by name
   * @param einsums the parts of it, by name
   */
  record Figures(
      double seconds,
      double bytes,
      double picojoules,
      Map<String, Double> units,
      Map<String, Double> einsums,
      String parameters,
      List<String> notes) {}

  private record Costed(double share, Cost cost) {}

  PointEvaluator(Library library, Reproduction.Design design) {
    this.library = library;
    this.design = design;
    this.machine = library.architecture(design.machine());
  }

  Figures evaluate(List<Part> parts, String model, Map<RankName, Long> shapes) {
    List<Costed> costed = new ArrayList<>();
    Map<String, Long> parameters = new TreeMap<>();
    List<String> notes = new ArrayList<>();
    for (Part part : parts) {
      Problem problem = problem(part.schedule(), model, shapes);
      problem.schedule().parameters().forEach(parameters::putIfAbsent);
      violations(problem).forEach(broken -> notes.add(note(part, broken)));
      costed.add(new Costed(part.share(), evaluated(part.schedule(), problem).cost()));
    }
    return together(costed, parameters, notes);
  }

  /** That a published mapping does not fit is part of what is reproduced; nothing else is. */
  private String note(Part part, Violation broken) {
    if (broken.reason() != Violation.Reason.CAPACITY) {
      throw new InvalidInputException(
          "%s: error: not legal on %s: %s%n"
              .formatted(part.schedule(), machine.name(), broken.sentence()));
    }
    return broken.sentence();
  }

  private Problem problem(Path file, String model, Map<RankName, Long> shapes) {
    Schedule read = library.schedule(file).schedule();
    Schedule schedule = read.with(design.parameters().getOrDefault(model, Map.of()));
    Problem given = Problem.of(library.cascade(design.cascade()), schedule, machine, shapes);
    return design
        .largest()
        .filter(largest -> schedule.parameters().containsKey(largest.parameter()))
        .map(largest -> largest(file, given, largest))
        .orElse(given);
  }

  /** Judging says more than whether a schedule fits, and takes longer: only what fits is judged. */
  private Problem largest(Path file, Problem given, Reproduction.Largest largest) {
    long tiles = Math.ceilDiv(given.shapes().of(largest.rank()), largest.tile());
    for (long number = Math.min(tiles, largest.most()); number > 1; number--) {
      if (tiles % number == 0) {
        Problem problem = given.with(Map.of(largest.parameter(), number));
        if (fits(evaluated(file, problem)) && violations(problem).isEmpty()) {
          return problem;
        }
      }
    }
    return given.with(Map.of(largest.parameter(), 1L));
  }

  private boolean fits(Evaluation evaluation) {
    List<MemoryLevel> levels = machine.levels();
    for (int level = 1; level < levels.size(); level++) {
      long capacity = levels.get(level).capacityWords().orElse(Long.MAX_VALUE);
      if (evaluation.peakOccupancyWords(level) > capacity) {
        return false;
      }
    }
    return true;
  }

  private static List<Violation> violations(Problem problem) {
    return switch (Legality.judge(problem)) {
      case Judgement.Legal _ -> List.of();
      case Judgement.Illegal illegal -> illegal.violations();
    };
  }

  private Evaluation evaluated(Path file, Problem problem) {
    Plan plan =
        plans.computeIfAbsent(
            file, _ -> Plan.compile(problem.cascade(), problem.schedule(), problem.architecture()));
    Evaluation evaluation = evaluations.computeIfAbsent(file, _ -> plan.evaluation());
    evaluation.run(plan.arguments(problem));
    return evaluation;
  }

  /** Shares run evenly mixed: what must come after what adds up, and so do words. */
  private Figures together(List<Costed> parts, Map<String, Long> parameters, List<String> notes) {
    double cycles = 0;
    double words = 0;
    double picojoules = 0;
    Map<LevelName, Double> bandwidth = new TreeMap<>();
    for (Costed part : parts) {
      Bound whole = part.cost().bounds().getFirst();
      cycles += part.share() * whole.structureCycles();
      whole
          .bandwidthCycles()
          .forEach((level, own) -> bandwidth.merge(level, part.share() * own, Double::sum));
      words += part.share() * wordsAtTop(part.cost());
      picojoules += part.share() * part.cost().energy().totalPicojoules();
    }
    for (double own : bandwidth.values()) {
      cycles = Math.max(cycles, own);
    }
    Map<String, Double> units = new TreeMap<>();
    Map<String, Double> einsums = new TreeMap<>();
    for (Costed part : parts) {
      double weight = part.share() * part.cost().latencyCycles() / cycles;
      part.cost()
          .utilisation()
          .forEach((unit, own) -> units.merge(unit.text(), weight * own, Double::sum));
      part.cost()
          .einsumUtilisation()
          .forEach((einsum, own) -> einsums.merge(einsum.text(), weight * own, Double::sum));
    }
    return new Figures(
        cycles / machine.clockHertz(),
        words * machine.wordBits() / Byte.SIZE,
        picojoules,
        units,
        einsums,
        text(parameters),
        notes);
  }

  private String text(Map<String, Long> parameters) {
    return design
        .largest()
        .flatMap(own -> Optional.ofNullable(parameters.get(own.parameter())).map(own::text))
        .orElse("");
  }

  private double wordsAtTop(Cost cost) {
    LevelName top = machine.top().name();
    return (double) cost.counts().words(top, true) + (double) cost.counts().words(top, false);
  }
}
