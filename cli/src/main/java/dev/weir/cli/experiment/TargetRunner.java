package dev.weir.cli.experiment;

import dev.weir.cli.experiment.Experiment.Entry;
import dev.weir.cli.experiment.Experiment.Target;
import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.SchedulePrinter;
import dev.weir.mapper.search.SearchResult;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Section;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.LoopNests;
import dev.weir.reports.parts.SearchParts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** A schedule of the experiment, judged and costed. */
  private record Costed(Entry entry, Problem problem, Cost cost, Source source) {}

  /** Reads all files and judges all schedules, so that mistakes show before anything takes time. */
  void prepare() {
    Architecture machine = library.architecture(target.machine().path());
    List<Cascade> cascades = new ArrayList<>();
    for (Entry entry : target.schedules()) {
      cascades.add(library.cascade(entry.cascade().path()));
    }
    Problems.refuseUnknown(cascades, target.shapes(), experiment.file().toString());
    for (Entry entry : target.schedules()) {
      Judged.requireLegal(problem(entry, machine), parsed(entry));
    }
    target
        .search()
        .ifPresent(
            search -> SearchStep.requireParameters(search, parsed(search.entry()).schedule()));
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
    List<Costed> costed = target.schedules().stream().map(e -> costed(e, machine)).toList();
    section.part(comparison(costed));
    Costed best = target.search().map(search -> searched(search, costed)).orElse(costed.getLast());
    files.put(target.id() + ".schedule", SchedulePrinter.print(best.problem().schedule()));
    section.part(
        LoopNests.of(
            "Loop nest of the chosen schedule",
            "Shaded lines keep tiles at a level while everything indented below runs.",
            best.problem()));
    if (target.simulate()) {
      say("simulating " + best.problem().schedule().name() + " cycle by cycle");
      new SimulationStep(best.problem(), best.cost(), section, this::say)
          .run(source("simulator", best.entry(), best.problem(), ""));
    }
    costParts(best);
    target
        .interpret()
        .ifPresent(
            shapes -> {
              say("interpreting it with values at smaller shapes");
              InterpretationStep.run(
                  Problems.of(
                      best.problem().cascade(),
                      best.problem().schedule(),
                      machine,
                      shapes,
                      experiment.file().toString()),
                  experiment.seed(),
                  section);
            });
    target.kernel().ifPresent(kernel -> kernel(kernel, best));
    cards(costed, best);
    return section.section(target.id(), target.title(), description(machine));
  }

  private void kernel(Experiment.Kernel wanted, Costed best) {
    say("making a kernel of " + best.problem().schedule().name());
    Problem problem = best.problem();
    List<Problem> siblings =
        wanted.siblings().stream()
            .map(
                sibling ->
                    Problems.of(
                        library.cascade(sibling.path()),
                        problem.schedule(),
                        problem.architecture(),
                        target.shapes(),
                        experiment.file().toString()))
            .toList();
    new KernelStep(wanted, experiment.seed(), section, this::say)
        .run(
            target.id() + ".cl",
            problem,
            parsed(best.entry()),
            siblings,
            device -> source("kernel run", best.entry(), problem, "on " + device),
            files);
  }

  private void costParts(Costed best) {
    Problem problem = best.problem();
    Cost cost = best.cost();
    Architecture machine = problem.architecture();
    section.part(CostParts.trafficBars(machine, cost.counts(), best.source()));
    if (cost.energy().totalPicojoules() > 0) {
      section.part(CostParts.energy(cost.energy(), best.source()));
    }
    section.part(CostParts.occupancy(machine, cost.counts(), best.source()));
    section.part(CostParts.bounds(problem, cost, best.source()));
    section.part(CostParts.traffic(machine, cost.counts(), best.source()));
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

  private Costed costed(Entry entry, Architecture machine) {
    Problem problem = problem(entry, machine);
    return new Costed(
        entry, problem, CostModel.evaluate(problem), source("cost model", entry, problem, ""));
  }

  private Source source(String reader, Entry entry, Problem problem, String detail) {
    return sources.of(
        reader,
        problem,
        detail,
        entry.cascade().path(),
        entry.schedule().path(),
        target.machine().path());
  }

  private Costed searched(Experiment.Search search, List<Costed> costed) {
    Costed start =
        costed.stream().filter(c -> c.entry().equals(search.entry())).findFirst().orElseThrow();
    say("searching tile sizes of " + start.problem().schedule().name());
    Problem problem = start.problem();
    Source source = source("search", start.entry(), problem, "values " + search.parameters());
    SearchResult result =
        SearchStep.run(
            search,
            problem,
            Problems.workload(problem.cascade(), target.shapes(), experiment.file().toString()));
    section.part(SearchParts.alternatives(result, source));
    section.part(SearchParts.space(result, source));
    section.lastCard(
        "search", Figure.of(result.spaceSize(), Unit.SCHEDULES, source), result.proof());
    return result
        .best()
        .map(
            found ->
                new Costed(
                    start.entry(),
                    found.problem(),
                    found.cost(),
                    source("cost model", start.entry(), found.problem(), "")))
        .orElse(start);
  }

  private Part.Table comparison(List<Costed> costed) {
    List<List<Cell>> rows = new ArrayList<>();
    for (Costed one : costed) {
      Architecture machine = one.problem().architecture();
      rows.add(
          List.of(
              Cell.of(one.entry().name()),
              Cell.of(one.problem().cascade().name()),
              Cell.of(one.problem().schedule().name()),
              Cell.of("legal"),
              Cell.of(Figure.of(one.cost().latencyCycles(), Unit.CYCLES, one.source())),
              Cell.of(Figure.of(one.cost().seconds(), Unit.SECONDS, one.source())),
              Cell.of(
                  Figure.of(
                      CostParts.offChipWords(machine, one.cost().counts()),
                      Unit.WORDS,
                      one.source())),
              Cell.of(
                  Figure.of(
                      one.cost().energy().totalPicojoules(), Unit.PICOJOULES, one.source()))));
    }
    return new Part.Table(
        "Schedules",
        "As they stand in their files, by the cost model.",
        List.of(
            "name",
            "cascade",
            "schedule",
            "legality",
            "latency",
            "time",
            "off-chip traffic",
            "energy"),
        rows);
  }

  private void cards(List<Costed> costed, Costed best) {
    new TargetCards(section).add(best.problem(), best.cost(), best.source());
    Costed first = costed.getFirst();
    if (!first.entry().equals(best.entry())) {
      section.card(
          "speed-up",
          Figure.of(
              (double) first.cost().latencyCycles() / best.cost().latencyCycles(),
              Unit.TIMES,
              best.source()),
          "over " + first.entry().name() + ", by the cost model");
    }
  }

  private String description(Architecture machine) {
    String shapes = Sources.shapes(problem(target.schedules().getFirst(), machine));
    return machine.description() + ". Shapes: " + shapes + ".";
  }

  private void say(String what) {
    progress.say(target.title() + ": " + what);
  }
}
