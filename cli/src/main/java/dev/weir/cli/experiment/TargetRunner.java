package dev.weir.cli.experiment;

import dev.weir.cli.experiment.Experiment.Entry;
import dev.weir.cli.experiment.Experiment.Reference;
import dev.weir.cli.experiment.Experiment.Target;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.SchedulePrinter;
import dev.weir.mapper.schedule.Violation;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Section;
import dev.weir.reports.model.Source;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.LoopNests;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Does for one target all that an experiment asks for, step by step. */
final class TargetRunner {

  private final Experiment experiment;
  private final Target target;
  private final Library library;
  private final Sources sources;
  private final Progress progress;
  private final SectionBuilder section = new SectionBuilder();
  private final Map<String, String> files = new LinkedHashMap<>();

  TargetRunner(
      Experiment experiment, Target target, Library library, Sources sources, Progress progress) {
    this.experiment = experiment;
    this.target = target;
    this.library = library;
    this.sources = sources;
    this.progress = progress;
  }

  /** Reads all files and judges all schedules, so that mistakes show before anything takes time. */
  void prepare() {
    Architecture machine = library.architecture(target.machine().path());
    List<Cascade> cascades = new ArrayList<>();
    for (Entry entry : target.schedules()) {
      cascades.add(library.cascade(entry.cascade().path()));
    }
    Problems.refuseUnknown(cascades, target.shapes(), experiment.file().toString());
    for (Entry entry : target.schedules()) {
      if (isSearched(entry)) {
        SearchStep.requireKnownNames(problem(entry, machine), parsed(entry));
      } else {
        Judged.requireLegal(problem(entry, machine), parsed(entry));
      }
    }
    target
        .search()
        .ifPresent(
            search -> {
              SearchStep.requireParameters(search, parsed(search.entry()).schedule());
              SearchStep.requireEnergy(search, target, machine);
            });
    target
        .kernel()
        .ifPresent(kernel -> kernel.siblings().forEach(sibling -> library.cascade(sibling.path())));
  }

  /** Files to write beside the report, by name; complete after {@link #run}. */
  Map<String, String> files() {
    return files;
  }

  Section run() {
    say("costing " + target.schedules().size() + " schedules");
    Architecture machine = library.architecture(target.machine().path());
    List<Tried> tried = target.schedules().stream().map(e -> tried(e, machine)).toList();
    section.part(ScheduleTable.of(machine, tried));
    chosen(tried).ifPresent(best -> show(best, tried));
    return section.section(target.id(), target.title(), description(machine));
  }

  /** The best point of the search, else the last schedule of the list. */
  private Optional<Tried.Costed> chosen(List<Tried> tried) {
    if (target.search().isEmpty()) {
      return costed(tried.getLast());
    }
    Optional<Tried.Costed> found = searched(target.search().get(), tried);
    if (found.isEmpty()) {
      section.notice(
          "No schedule",
          Outcome.FAILED,
          "the search found no legal schedule, so there is none to show, simulate, interpret or"
              + " make a kernel of"
              + asInTheFile(tried));
    }
    return found;
  }

  /** What is wrong with the file's own parameters is the best hint at what is wrong with all. */
  private String asInTheFile(List<Tried> tried) {
    for (Tried one : tried) {
      if (one instanceof Tried.Illegal illegal) {
        ParsedSchedule parsed = parsed(illegal.entry());
        Violation first = illegal.violations().getFirst();
        return "\nwith the file's own parameters, %s:%d: %s"
            .formatted(
                parsed.file().name(),
                parsed.file().line(parsed.place(first.path()).start()),
                first.sentence());
      }
    }
    return "";
  }

  private void show(Tried.Costed best, List<Tried> tried) {
    Problem problem = best.problem();
    files.put(target.id() + ".schedule", SchedulePrinter.print(problem.schedule()));
    section.part(
        LoopNests.of(
            "Loop nest of the chosen schedule",
            "Shaded lines keep tiles at a level while everything indented below runs.",
            problem));
    if (target.simulate()) {
      new SimulationStep(problem, best.cost(), section, this::say, progress::elapsedSeconds)
          .run(source("simulator", best.entry().cascade(), best.entry(), problem, ""));
    }
    section.parts(CostParts.all(problem, best.cost(), best.source()));
    target.interpret().ifPresent(shapes -> interpret(problem, shapes));
    target.kernel().ifPresent(kernel -> kernel(kernel, best));
    TargetCards cards = new TargetCards(section);
    cards.add(best);
    costed(tried.getFirst())
        .filter(first -> !first.entry().equals(best.entry()))
        .ifPresent(first -> cards.speedUp(first, best));
  }

  private void interpret(Problem problem, Map<RankName, Long> shapes) {
    say("interpreting it with values at smaller shapes");
    InterpretationStep.run(
        Problems.of(
            problem.cascade(),
            problem.schedule(),
            problem.architecture(),
            shapes,
            experiment.file().toString()),
        experiment.seed(),
        section);
  }

  private void kernel(Experiment.Kernel wanted, Tried.Costed best) {
    Problem problem = best.problem();
    say("making a kernel of " + problem.schedule().name());
    List<KernelStep.Wanted> all = new ArrayList<>();
    all.add(wanted(target.id() + ".cl", best.entry().cascade(), best.entry(), problem));
    List<Cascade> siblings =
        wanted.siblings().stream().map(sibling -> library.cascade(sibling.path())).toList();
    List<String> names =
        KernelStep.files(target.id(), siblings.stream().map(Cascade::name).toList());
    for (int i = 0; i < siblings.size(); i++) {
      Problem sibling =
          Problems.of(
              siblings.get(i),
              problem.schedule(),
              problem.architecture(),
              target.shapes(),
              experiment.file().toString());
      all.add(wanted(names.get(i), wanted.siblings().get(i), best.entry(), sibling));
    }
    new KernelStep(wanted, best, parsed(best.entry()), experiment.seed(), section, this::say)
        .run(all, files);
  }

  private KernelStep.Wanted wanted(String file, Reference cascade, Entry entry, Problem problem) {
    return new KernelStep.Wanted(
        file,
        problem,
        (shapes, device) ->
            sources.of(
                "kernel run",
                problem,
                shapes,
                "run on " + device,
                cascade.path(),
                entry.schedule().path(),
                target.machine().path()));
  }

  private Problem problem(Entry entry, Architecture machine) {
    return Problems.of(
        library.cascade(entry.cascade().path()),
        parsed(entry).schedule(),
        machine,
        target.shapes(),
        experiment.file().toString());
  }

  private ParsedSchedule parsed(Entry entry) {
    return library.schedule(entry.schedule().path());
  }

  private boolean isSearched(Entry entry) {
    return target.search().filter(search -> search.entry().equals(entry)).isPresent();
  }

  private Tried tried(Entry entry, Architecture machine) {
    Problem problem = problem(entry, machine);
    return switch (Legality.judge(problem)) {
      case Judgement.Legal _ -> costed(entry, problem, CostModel.evaluate(problem));
      case Judgement.Illegal illegal -> new Tried.Illegal(entry, problem, illegal.violations());
    };
  }

  private Tried.Costed costed(Entry entry, Problem problem, Cost cost) {
    String detail = CostParts.accuracyAfter("", cost);
    return new Tried.Costed(
        entry, problem, cost, source("cost model", entry.cascade(), entry, problem, detail));
  }

  private static Optional<Tried.Costed> costed(Tried tried) {
    return switch (tried) {
      case Tried.Costed costed -> Optional.of(costed);
      case Tried.Illegal _ -> Optional.empty();
    };
  }

  private Source source(
      String reader, Reference cascade, Entry entry, Problem problem, String detail) {
    return sources.of(
        reader, problem, detail, cascade.path(), entry.schedule().path(), target.machine().path());
  }

  private Optional<Tried.Costed> searched(Experiment.Search search, List<Tried> tried) {
    Tried start =
        tried.stream().filter(one -> one.entry().equals(search.entry())).findFirst().orElseThrow();
    Entry entry = start.entry();
    Problem problem = start.problem();
    say("searching tile sizes of " + problem.schedule().name());
    return SearchStep.run(
            search,
            problem,
            Problems.workload(problem.cascade(), target.shapes(), experiment.file().toString()),
            detail -> source("search", entry.cascade(), entry, problem, detail),
            section)
        .map(found -> costed(entry, found.problem(), found.cost()));
  }

  private String description(Architecture machine) {
    String shapes = Sources.shapes(problem(target.schedules().getFirst(), machine));
    return "%s. Modelled and simulated figures are for the machine that %s describes%s. Shapes: %s."
        .formatted(
            machine.description(),
            target.machine().path(),
            target.kernel().isPresent() ? "; kernels run on the OpenCL device that is here" : "",
            shapes);
  }

  private void say(String what) {
    progress.say(target.title() + ": " + what);
  }
}
