package dev.weir.cli.reproduction;

import dev.weir.cli.experiment.Library;
import dev.weir.einsum.ir.Cascade;
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
import dev.weir.simulator.engine.SimulationOptions;
import dev.weir.simulator.engine.Simulator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a design costs at a point. A design may run shares of its work by different schedules. */
final class PointEvaluator {

  private final Library library;
  private final Cascade cascade;
  private final Optional<Reproduction.Largest> largest;
  private final Architecture machine;
  private final EnergyTerms energyTerms;

  /** Schedules that were legal at some point but for what fits, so that a plan can be made. */
  private final Set<Path> sound = new HashSet<>();

  /** By the problem itself, as those that are equal are the same: comparing takes long. */
  private final IdentityHashMap<Problem, List<Violation>> judged = new IdentityHashMap<>();

  private final Map<Path, Schedule> schedules = new HashMap<>();
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
   * @param countedPicojoules without what the published energies leave out
   * @param terms of the energy
   * @param units utilisation by name
   * @param einsums the parts of it, by name
   */
  record Figures(
      double seconds,
      double bytes,
      double picojoules,
      double countedPicojoules,
      Map<Study.Quantity, Double> terms,
      Map<String, Double> units,
      Map<String, Double> einsums,
      String parameters,
      List<String> notes) {}

  private record Costed(double share, Problem problem, Cost cost) {}

  PointEvaluator(
      Library library, Path machine, Path cascade, Optional<Reproduction.Largest> largest) {
    this.library = library;
    this.cascade = library.cascade(cascade);
    this.largest = largest;
    this.machine = library.architecture(machine);
    this.energyTerms = new EnergyTerms(this.machine, this.cascade);
  }

  Cascade cascade() {
    return cascade;
  }

  Architecture machine() {
    return machine;
  }

  /** What a whole point costs by one schedule; empty when it breaks a rule. */
  Optional<Figures> ifLegal(
      Path schedule, Map<String, Long> parameters, Map<RankName, Long> shapes) {
    return legal(schedule, candidates(schedule, parameters, shapes))
        .map(
            problem ->
                together(
                    List.of(costed(new Part(schedule, 1), problem)), Omissions.NONE, List.of()));
  }

  /**
   * Costs of shares of the work.
   *
   * @param given values of parameters; those that a schedule lacks must not be among them
   * @param omissions what is left out of the counted energy
   * @throws InvalidInputException when a schedule breaks another rule than capacity, which is noted
   */
  Figures evaluate(
      List<Part> parts, Map<String, Long> given, Map<RankName, Long> shapes, Omissions omissions) {
    List<Costed> costed = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Part part : parts) {
      List<Problem> candidates = candidates(part.schedule(), given, shapes);
      Optional<Problem> legal = legal(part.schedule(), candidates);
      if (legal.isEmpty()) {
        violations(part.schedule(), candidates.getLast())
            .forEach(broken -> notes.add(note(part, broken)));
      }
      costed.add(costed(part, legal.orElseGet(candidates::getLast)));
    }
    return together(costed, omissions, notes);
  }

  /**
   * Cycles of a whole point by one schedule, as the simulator counts them.
   *
   * @throws InvalidInputException when it breaks a rule, or has something that the simulator lacks
   */
  long simulatedCycles(Path schedule, Map<String, Long> parameters, Map<RankName, Long> shapes) {
    Problem problem =
        legal(schedule, candidates(schedule, parameters, shapes))
            .orElseThrow(() -> notSimulated(schedule, "it is not legal there"));
    Simulator.refusal(problem)
        .ifPresent(
            reason -> {
              throw notSimulated(schedule, "it has " + reason);
            });
    return Simulator.simulate(problem, SimulationOptions.QUIET).cycles();
  }

  private InvalidInputException notSimulated(Path schedule, String reason) {
    return new InvalidInputException(
        "%s: error: not simulated on %s: %s%n".formatted(schedule, machine.name(), reason));
  }

  private Costed costed(Part part, Problem problem) {
    return new Costed(part.share(), problem, evaluated(part.schedule(), problem).cost());
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

  /** The problem, or one for each number of tiles, the largest first. */
  private List<Problem> candidates(
      Path file, Map<String, Long> parameters, Map<RankName, Long> shapes) {
    Schedule schedule =
        schedules.computeIfAbsent(file, own -> library.schedule(own).schedule()).with(parameters);
    Problem given = Problem.of(cascade, schedule, machine, shapes);
    return largest
        .filter(own -> schedule.parameters().containsKey(own.parameter()))
        .map(own -> candidates(given, own))
        .orElse(List.of(given));
  }

  private static List<Problem> candidates(Problem given, Reproduction.Largest wanted) {
    long tiles = Math.ceilDiv(given.shapes().of(wanted.rank()), wanted.tile());
    List<Problem> candidates = new ArrayList<>();
    for (long number = Math.min(tiles, wanted.most()); number >= 1; number--) {
      if (tiles % number == 0) {
        candidates.add(given.with(Map.of(wanted.parameter(), number)));
      }
    }
    return candidates;
  }

  /** Judging says more than whether a schedule fits, and takes longer: only what fits is judged. */
  private Optional<Problem> legal(Path file, List<Problem> candidates) {
    return candidates.stream()
        .filter(problem -> !sound.contains(file) || fits(evaluated(file, problem)))
        .filter(problem -> violations(file, problem).isEmpty())
        .findFirst();
  }

  private List<Violation> violations(Path file, Problem problem) {
    List<Violation> violations = judged.computeIfAbsent(problem, PointEvaluator::violations);
    if (violations.stream().allMatch(broken -> broken.reason() == Violation.Reason.CAPACITY)) {
      sound.add(file);
    }
    return violations;
  }

  private static List<Violation> violations(Problem problem) {
    return switch (Legality.judge(problem)) {
      case Judgement.Legal _ -> List.of();
      case Judgement.Illegal illegal -> illegal.violations();
    };
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

  private Evaluation evaluated(Path file, Problem problem) {
    Plan plan =
        plans.computeIfAbsent(
            file, _ -> Plan.compile(problem.cascade(), problem.schedule(), problem.architecture()));
    Evaluation evaluation = evaluations.computeIfAbsent(file, _ -> plan.evaluation());
    evaluation.run(plan.arguments(problem));
    return evaluation;
  }

  /** Shares run evenly mixed: what must come after what adds up, and so do words. */
  private Figures together(List<Costed> parts, Omissions omissions, List<String> notes) {
    double cycles = 0;
    double words = 0;
    double picojoules = 0;
    double omitted = 0;
    Map<Study.Quantity, Double> terms = new EnumMap<>(Study.Quantity.class);
    Map<LevelName, Double> bandwidth = new TreeMap<>();
    for (Costed part : parts) {
      Bound whole = part.cost().bounds().getFirst();
      cycles += part.share() * whole.structureCycles();
      whole
          .bandwidthCycles()
          .forEach((level, own) -> bandwidth.merge(level, part.share() * own, Double::sum));
      words += part.share() * wordsAtTop(part.cost());
      picojoules += part.share() * part.cost().energy().totalPicojoules();
      omitted += part.share() * energyTerms.of(omissions, part.cost());
      energyTerms
          .of(part.cost())
          .forEach((term, own) -> terms.merge(term, part.share() * own, Double::sum));
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
        picojoules - omitted,
        terms,
        units,
        einsums,
        text(parts),
        notes);
  }

  private String text(List<Costed> parts) {
    return largest
        .flatMap(
            own ->
                parts.stream()
                    .map(part -> part.problem().schedule().parameters())
                    .filter(parameters -> parameters.containsKey(own.parameter()))
                    .map(parameters -> own.text(parameters.get(own.parameter())))
                    .findFirst())
        .orElse("");
  }

  private double wordsAtTop(Cost cost) {
    LevelName top = machine.top().name();
    return (double) cost.counts().words(top, true) + (double) cost.counts().words(top, false);
  }
}
