package dev.weir.cli.experiment;

import dev.weir.cli.experiment.Experiment.Entry;
import dev.weir.cli.experiment.Experiment.Reference;
import dev.weir.cli.experiment.Experiment.Target;
import dev.weir.einsum.analysis.PassAnalysis;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.config.Misspelling;
import dev.weir.mapper.schedule.ParsedSchedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads all files that an experiment names and judges all that can be judged without doing it, so
 * that mistakes show together, at their places, before anything takes time. {@code check} and
 * {@code run} say the same.
 */
public final class ExperimentJudge {

  private final Experiment experiment;
  private final Library library;
  private final Diagnostics diagnostics = new Diagnostics();

  private ExperimentJudge(Experiment experiment, Library library) {
    this.experiment = experiment;
    this.library = library;
  }

  /**
   * Lets an experiment pass that can be run.
   *
   * @param library reads the files, which are then in it
   * @throws InvalidInputException with all that is wrong
   */
  public static void judge(Experiment experiment, Library library) {
    ExperimentJudge judge = new ExperimentJudge(experiment, library);
    judge.family();
    experiment.targets().forEach(judge::target);
    judge.diagnostics.throwIfErrors();
    ExperimentRunner.prepare(experiment, library);
  }

  private void family() {
    List<Cascade> cascades = new ArrayList<>();
    for (Reference reference : experiment.family()) {
      read(reference, library::cascade).ifPresent(cascades::add);
    }
    if (cascades.isEmpty() || cascades.size() < experiment.family().size()) {
      return;
    }
    RankName rank = FamilySection.mostSwept(experiment, library);
    for (int i = 0; i < cascades.size(); i++) {
      Cascade cascade = cascades.get(i);
      if (PassAnalysis.of(cascade).ranks().stream().noneMatch(r -> r.rank().equals(rank))) {
        Reference reference = experiment.family().get(i);
        diagnostics.error(
            reference.in(),
            reference.span(),
            "cascade %s is of another family (got no rank %s, expected the ranks of the others)"
                .formatted(cascade.name(), rank));
      }
    }
  }

  private void target(Target target) {
    Optional<Architecture> machine = read(target.machine(), library::architecture);
    List<Cascade> cascades = new ArrayList<>();
    for (Entry entry : target.schedules()) {
      Optional<Cascade> cascade = read(entry.cascade(), library::cascade);
      Optional<ParsedSchedule> schedule = read(entry.schedule(), library::schedule);
      cascade.ifPresent(cascades::add);
      if (machine.isPresent() && cascade.isPresent() && schedule.isPresent()) {
        boolean chosen = entry.equals(target.chosen());
        boolean searched = chosen && target.search().isPresent();
        Diagnostics found = new Diagnostics();
        EntryJudge judge = new EntryJudge(target, machine.get(), found);
        judge.judge(cascade.get(), entry.cascade(), schedule.get(), entry.schedule(), searched);
        if (chosen && !found.hasErrors()) {
          judge.interpretation(entry, cascade.get(), schedule.get());
          siblings(target, judge, schedule.get(), searched);
        }
        found.sorted().forEach(diagnostics::add);
      }
    }
    if (cascades.size() == target.schedules().size()) {
      unknownRanks(target, cascades);
    }
    target
        .search()
        .ifPresent(
            search ->
                read(search.entry().schedule(), library::schedule)
                    .ifPresent(schedule -> unknownParameters(target, search, schedule)));
  }

  private void siblings(
      Target target, EntryJudge judge, ParsedSchedule schedule, boolean searched) {
    for (Reference sibling : target.kernel().map(Experiment.Kernel::siblings).orElseGet(List::of)) {
      read(sibling, library::cascade)
          .ifPresent(cascade -> judge.judge(cascade, sibling, schedule, sibling, searched));
    }
  }

  private void unknownRanks(Target target, List<Cascade> cascades) {
    List<String> known = Problems.known(cascades).stream().map(RankName::text).toList();
    for (RankName rank : new TreeSet<>(target.shapes().keySet())) {
      if (!known.contains(rank.text())) {
        Span place = target.places().shapes().get(rank);
        Misspelling.report(
            diagnostics,
            target.machine().in(),
            place,
            "unknown rank " + rank + " in target " + target.id(),
            rank.text(),
            known);
      }
    }
  }

  private void unknownParameters(Target target, Experiment.Search search, ParsedSchedule schedule) {
    List<String> known = schedule.schedule().parameters().keySet().stream().sorted().toList();
    for (String parameter : search.parameters().keySet()) {
      if (!known.contains(parameter)) {
        Misspelling.report(
            diagnostics,
            target.machine().in(),
            target.places().parameters().get(parameter),
            "schedule %s has no parameter %s".formatted(schedule.schedule().name(), parameter),
            parameter,
            known);
      }
    }
  }

  /** What is wrong with a file is shown in it; what cannot be read, where it is named. */
  private <T> Optional<T> read(Reference reference, Function<Path, T> reader) {
    try {
      return Optional.of(reader.apply(reference.path()));
    } catch (InvalidInputException wrong) {
      wrong.diagnostics().forEach(diagnostics::add);
      if (wrong.diagnostics().isEmpty()) {
        diagnostics.error(
            reference.in(),
            reference.span(),
            wrong.getMessage().lines().limit(1).collect(Collectors.joining()));
      }
      return Optional.empty();
    }
  }
}
