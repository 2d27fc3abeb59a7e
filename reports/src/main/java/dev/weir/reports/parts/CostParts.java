package dev.weir.reports.parts;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.model.Accuracy;
import dev.weir.mapper.model.Bound;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.Energy;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.SchedulePrinter;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the cost model found. */
public final class CostParts {

  private CostParts() {}

  /** What the figures of a cost are, where they are not those of every run. */
  public static Optional<String> accuracy(Cost cost) {
    return switch (cost.accuracy()) {
      case Accuracy.Exact _ -> Optional.empty();
      case Accuracy.Expected expected ->
          Optional.of(
              expected.tables().stream()
                  .map(table -> table.table() + " holds " + table.values())
                  .collect(Collectors.joining(", ", "expected values: ", "")));
      case Accuracy.UpperBound bound ->
          Optional.of(
              bound.einsums().stream()
                  .map(TensorName::text)
                  .collect(
                      Collectors.joining(
                          ", ",
                          "upper bound of the work: what tables leave out of ",
                          " is counted")));
    };
  }

  /** {@link #accuracy} behind other words; nothing where figures are those of every run. */
  public static String accuracyAfter(String separator, Cost cost) {
    return accuracy(cost).map(separator::concat).orElse("");
  }

  /** The same as a sentence. */
  private static String sentence(Cost cost) {
    String article = cost.accuracy() instanceof Accuracy.UpperBound ? "an " : "";
    return accuracy(cost).map(words -> " Figures are " + article + words + ".").orElse("");
  }

  /** Words by level and tensor; levels from the top inwards. */
  public static Part.Table traffic(Architecture architecture, Counts counts, Source source) {
    List<List<Cell>> rows = new ArrayList<>();
    for (MemoryLevel level : architecture.levels()) {
      counts.trafficWords().keySet().stream()
          .filter(traffic -> traffic.level().equals(level.name()))
          .map(Counts.Traffic::tensor)
          .distinct()
          .forEach(
              tensor -> {
                List<Cell> row = new ArrayList<>();
                row.add(Cell.of(level.name().text()));
                row.add(Cell.of(tensor.text()));
                for (Movement movement : Movement.values()) {
                  long words =
                      counts
                          .trafficWords()
                          .getOrDefault(new Counts.Traffic(tensor, level.name(), movement), 0L);
                  row.add(
                      words == 0 ? Cell.of("–") : Cell.of(Figure.of(words, Unit.WORDS, source)));
                }
                rows.add(row);
              });
    }
    return new Part.Table(
        "Traffic by level and tensor",
        "Words that cross the border of a level, all instances together. Partial: sums that are"
            + " not finished yet.",
        List.of("level", "tensor", "read", "written", "partial read", "partial written"),
        rows);
  }

  /** Words read and written at each level as bars. */
  public static Part.Bars trafficBars(Architecture architecture, Counts counts, Source source) {
    List<Part.Bars.Bar> bars = new ArrayList<>();
    for (MemoryLevel level : architecture.levels()) {
      long read = counts.words(level.name(), true);
      long written = counts.words(level.name(), false);
      bars.add(
          new Part.Bars.Bar(
              level.name().text(),
              List.of(
                  new Part.Bars.Segment("read", Figure.of(read, Unit.WORDS, source)),
                  new Part.Bars.Segment("written", Figure.of(written, Unit.WORDS, source)))));
    }
    return new Part.Bars(
        "Traffic by level",
        "Words, all tensors and instances together. Each bar is all that passes its level; levels"
            + " are compared by their numbers, not by length.",
        bars);
  }

  /** Peak occupancy of every level that has a capacity. */
  public static Part.Table occupancy(Architecture architecture, Counts counts, Source source) {
    List<List<Cell>> rows = new ArrayList<>();
    for (MemoryLevel level : architecture.levels()) {
      level
          .capacityWords()
          .ifPresent(
              capacity -> {
                long words = counts.peakOccupancyWords().getOrDefault(level.name(), 0L);
                rows.add(
                    List.of(
                        Cell.of(level.name().text()),
                        Cell.of(Figure.of(words, Unit.WORDS, source)),
                        Cell.of(Figure.of(capacity, Unit.WORDS, source)),
                        Cell.of(Figure.of((double) words / capacity, Unit.RATIO, source))));
              });
    }
    return new Part.Table(
        "Peak occupancy",
        "The most that is allocated at a time in one instance of a level.",
        List.of("level", "allocated", "capacity", "share"),
        rows);
  }

  /** Energy of all by component, then of each component by action. */
  public static Part.Bars energy(Energy energy, Source source) {
    Map<String, List<Part.Bars.Segment>> byComponent = new LinkedHashMap<>();
    energy
        .picojoules()
        .forEach(
            (use, picojoules) -> {
              if (picojoules > 0) {
                byComponent
                    .computeIfAbsent(use.component(), _ -> new ArrayList<>())
                    .add(
                        new Part.Bars.Segment(
                            use.action(), Figure.of(picojoules, Unit.PICOJOULES, source)));
              }
            });
    List<Part.Bars.Bar> bars =
        byComponent.entrySet().stream()
            .map(entry -> new Part.Bars.Bar(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparingDouble(CostParts::sum).reversed())
            .toList();
    List<Part.Bars.Segment> components =
        bars.stream()
            .map(
                bar ->
                    new Part.Bars.Segment(
                        bar.label(), Figure.of(sum(bar), Unit.PICOJOULES, source)))
            .toList();
    List<Part.Bars.Bar> all = new ArrayList<>();
    all.add(new Part.Bars.Bar("all components", components));
    all.addAll(bars);
    return new Part.Bars(
        "Energy by component and action",
        "Leakage is not part of it. The first bar is all energy; each other one is all of its"
            + " component, split by action.",
        all);
  }

  /** Whether a machine says what anything costs in energy; files give it everywhere or nowhere. */
  public static boolean hasEnergy(Architecture architecture) {
    return architecture.levels().stream()
            .anyMatch(level -> level.readPicojoules() > 0 || level.writePicojoules() > 0)
        || architecture.units().stream()
            .flatMap(unit -> unit.operations().values().stream())
            .anyMatch(operation -> operation.picojoules() > 0);
  }

  /** The energy of a run, or a dash where the machine gives none. */
  public static Cell energy(Architecture architecture, Energy energy, Source source) {
    return hasEnergy(architecture)
        ? Cell.of(Figure.of(energy.totalPicojoules(), Unit.PICOJOULES, source))
        : Cell.of("–");
  }

  /**
   * What must be said beside the figures of a cost: nothing, or that its machine gives no energy,
   * or that they are not those of every run.
   */
  public static String remarks(Architecture architecture, Cost cost) {
    String energy =
        hasEnergy(architecture)
            ? ""
            : " No energy figures: machine " + architecture.name() + " gives none.";
    return energy + sentence(cost);
  }

  /** All that is shown of a cost, what passes each level first. */
  public static List<Part> all(Problem problem, Cost cost, Source source) {
    Architecture machine = problem.architecture();
    List<Part> parts = new ArrayList<>();
    parts.add(trafficBars(machine, cost.counts(), source));
    if (hasEnergy(machine)) {
      parts.add(energy(cost.energy(), source));
    }
    parts.add(occupancy(machine, cost.counts(), source));
    parts.add(bounds(problem, cost, source));
    parts.add(traffic(machine, cost.counts(), source));
    String remark = sentence(cost);
    return remark.isEmpty() ? parts : parts.stream().map(part -> with(remark, part)).toList();
  }

  private static Part with(String remark, Part part) {
    return switch (part) {
      case Part.Table table ->
          new Part.Table(
              table.title(), table.explanation() + remark, table.headings(), table.rows());
      case Part.Bars bars -> new Part.Bars(bars.title(), bars.explanation() + remark, bars.bars());
      case Part.LoopNest _,
          Part.Timeline _,
          Part.Epochs _,
          Part.OverTime _,
          Part.CascadeGraph _,
          Part.Kernel _,
          Part.Notice _,
          Part.Listing _ ->
          throw new IllegalStateException("no part of a cost: " + part.title());
    };
  }

  private static double sum(Part.Bars.Bar bar) {
    return bar.segments().stream().mapToDouble(s -> s.figure().value().doubleValue()).sum();
  }

  /** What limits each phase. */
  public static Part.Table bounds(Problem problem, Cost cost, Source source) {
    List<List<Cell>> rows = new ArrayList<>();
    for (Bound bound : cost.bounds()) {
      rows.add(
          List.of(
              Cell.of(phase(problem, bound.phase())),
              Cell.of(Figure.of(bound.cycles(), Unit.CYCLES, source)),
              Cell.of(Figure.of(bound.structureCycles(), Unit.CYCLES, source)),
              Cell.of(
                  bound
                      .limitingLevel()
                      .map(level -> "bandwidth of " + level)
                      .orElse("structure"))));
    }
    return new Part.Table(
        "What limits each phase",
        "Structure: what must come after what, phases inside with all that limits them. A level"
            + " limits where moving its words takes longer.",
        List.of("phase", "at least", "structure", "limited by"),
        rows);
  }

  /** What a phase is called: its head and what it computes. */
  public static String phase(Problem problem, NodePath path) {
    Node node = problem.schedule().root();
    for (int step : path.steps()) {
      node = node.children().get(step);
    }
    return path.steps().isEmpty()
        ? "whole schedule"
        : SchedulePrinter.head(node) + " … " + computed(node);
  }

  private static String computed(Node node) {
    return node instanceof Node.Compute compute
        ? compute.einsum().text()
        : node.children().stream()
            .map(CostParts::computed)
            .filter(names -> !names.isEmpty())
            .distinct()
            .collect(Collectors.joining(", "));
  }

  /** Words that cross the border of the top level in both directions. */
  public static long offChipWords(Architecture architecture, Counts counts) {
    LevelName top = architecture.top().name();
    return Math.addExact(counts.words(top, true), counts.words(top, false));
  }
}
