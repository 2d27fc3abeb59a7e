package dev.weir.cli.reproduction;

import dev.weir.cli.experiment.Library;
import dev.weir.cli.reproduction.Reproduction.Largest;
import dev.weir.cli.reproduction.Reproduction.Model;
import dev.weir.cli.reproduction.Study.Case;
import dev.weir.cli.reproduction.Study.Growth;
import dev.weir.cli.reproduction.Study.Quantity;
import dev.weir.cli.reproduction.Study.Run;
import dev.weir.cli.reproduction.StudyResult.Row;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.arch.Area;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Evaluates studies. What a schedule is compiled to for a machine serves all runs of both. */
public final class StudyRunner {

  private static final double SQUARE_MILLIMETRES_PER_SQUARE_MICROMETRE = 1e-6;

  private final Library library;
  private final Map<Setting, PointEvaluator> evaluators = new HashMap<>();
  private final Map<Path, FigureTable> tables = new HashMap<>();

  private final Map<Work, Taken> done = new HashMap<>();

  private record Setting(Path machine, Path cascade, Optional<Largest> largest) {
    static Setting of(Run run) {
      return new Setting(run.machine(), run.cascade(), run.largest());
    }
  }

  /** Runs of different cases that are the same are evaluated once. */
  private record Work(
      Setting setting,
      List<Path> schedules,
      Map<String, Long> parameters,
      List<Map<RankName, Long>> pieces) {}

  private record Taken(Path schedule, PointEvaluator.Figures figures) {}

  private StudyRunner(Library library) {
    this.library = library;
  }

  /**
   * Figures of all studies.
   *
   * @throws InvalidInputException when a table lacks a line, or no schedule of a run is legal
   */
  public static List<StudyResult> run(Reproduction reproduction, Library library) {
    StudyRunner runner = new StudyRunner(library);
    return reproduction.studies().stream().map(runner::result).toList();
  }

  private StudyResult result(Study study) {
    List<Row> rows = new ArrayList<>();
    for (Case one : study.cases()) {
      if (one.models().isEmpty()) {
        rows.addAll(rows(study, one, new Model("", Map.of())));
      }
      for (Model model : one.models()) {
        rows.addAll(rows(study, one, model));
      }
    }
    return new StudyResult(study, rows);
  }

  private List<Row> rows(Study study, Case one, Model model) {
    Map<RankName, Long> shapes = new HashMap<>(model.shapes());
    shapes.putAll(one.shapes());
    List<Row> rows = new ArrayList<>();
    for (Run run : one.runs()) {
      Taken taken =
          done.computeIfAbsent(
              new Work(Setting.of(run), run.schedules(), run.parameters(), pieces(run, shapes)),
              this::quickest);
      PointEvaluator.Figures figures = taken.figures();
      Map<Quantity, Double> ours = ours(study, one, run, taken, shapes);
      Map<Quantity, Double> published = published(run, model);
      Optional.ofNullable(published.get(Quantity.ENERGY))
          .ifPresent(all -> published.put(Quantity.REST, rest(all, figures.terms())));
      double points = study.per().stream().mapToDouble(shapes::get).reduce(1, (a, b) -> a * b);
      divide(ours, points);
      divide(published, points);
      rows.add(
          new Row(
              one.name(),
              model.name(),
              run.name(),
              taken.schedule().getFileName().toString().replaceFirst("\\.schedule$", ""),
              parameters(run, figures),
              ours,
              published,
              rows.isEmpty() ? ours : rows.getFirst().ours(),
              figures.notes()));
    }
    return rows;
  }

  private static void divide(Map<Quantity, Double> figures, double points) {
    figures.replaceAll((quantity, own) -> quantity.isEnergy() ? own / points : own);
  }

  private PointEvaluator evaluator(Setting setting) {
    return evaluators.computeIfAbsent(
        setting, own -> new PointEvaluator(library, own.machine(), own.cascade(), own.largest()));
  }

  private static List<Map<RankName, Long>> pieces(Run run, Map<RankName, Long> shapes) {
    if (run.triangle().isEmpty()) {
      return List.of(shapes);
    }
    return run.triangle().get().rectangles(shapes).stream()
        .map(
            rectangle -> {
              Map<RankName, Long> own = new HashMap<>(shapes);
              own.putAll(rectangle);
              return Map.copyOf(own);
            })
        .toList();
  }

  /** A single schedule is taken as it is: what does not fit of it is noted. */
  private Taken quickest(Work work) {
    PointEvaluator evaluator = evaluator(work.setting());
    if (work.schedules().size() == 1) {
      Path schedule = work.schedules().getFirst();
      List<PointEvaluator.Part> whole = List.of(new PointEvaluator.Part(schedule, 1));
      return new Taken(
          schedule,
          together(
              work.pieces().stream()
                  .map(own -> evaluator.evaluate(whole, work.parameters(), own, Omissions.NONE))
                  .toList()));
    }
    return work.schedules().stream()
        .flatMap(schedule -> ifLegal(work, schedule, evaluator).stream())
        .min(Comparator.comparingDouble(taken -> taken.figures().seconds()))
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "error: no schedule is legal on %s (got %s at %s)%n"
                        .formatted(
                            evaluator.machine().name(),
                            work.schedules(),
                            work.pieces().getFirst())));
  }

  private static Optional<Taken> ifLegal(Work work, Path schedule, PointEvaluator evaluator) {
    List<PointEvaluator.Figures> all = new ArrayList<>();
    for (Map<RankName, Long> piece : work.pieces()) {
      Optional<PointEvaluator.Figures> own = evaluator.ifLegal(schedule, work.parameters(), piece);
      if (own.isEmpty()) {
        return Optional.empty();
      }
      all.add(own.get());
    }
    return Optional.of(new Taken(schedule, together(all)));
  }

  /** Pieces run one after the other. */
  private static PointEvaluator.Figures together(List<PointEvaluator.Figures> all) {
    PointEvaluator.Figures last = all.getLast();
    return new PointEvaluator.Figures(
        all.stream().mapToDouble(PointEvaluator.Figures::seconds).sum(),
        all.stream().mapToDouble(PointEvaluator.Figures::bytes).sum(),
        all.stream().mapToDouble(PointEvaluator.Figures::picojoules).sum(),
        all.stream().mapToDouble(PointEvaluator.Figures::countedPicojoules).sum(),
        terms(all),
        last.units(),
        last.einsums(),
        last.parameters(),
        all.stream().flatMap(own -> own.notes().stream()).distinct().toList());
  }

  private static Map<Quantity, Double> terms(List<PointEvaluator.Figures> all) {
    Map<Quantity, Double> terms = new EnumMap<>(Quantity.class);
    for (PointEvaluator.Figures own : all) {
      own.terms().forEach((term, picojoules) -> terms.merge(term, picojoules, Double::sum));
    }
    return terms;
  }

  private Map<Quantity, Double> ours(
      Study study, Case one, Run run, Taken taken, Map<RankName, Long> shapes) {
    PointEvaluator evaluator = evaluator(Setting.of(run));
    PointEvaluator.Figures figures = taken.figures();
    Area area = evaluator.machine().area();
    Map<Quantity, Double> ours = new EnumMap<>(Quantity.class);
    for (Quantity quantity : study.figures()) {
      ours.put(
          quantity,
          switch (quantity) {
            case LATENCY -> figures.seconds();
            case SIMULATED ->
                pieces(run, shapes).stream()
                    .mapToDouble(
                        piece ->
                            evaluator.simulatedCycles(taken.schedule(), run.parameters(), piece))
                    .sum();
            case TILE -> cyclesPerTile(one, run, taken, shapes);
            case TRAFFIC -> figures.bytes();
            case ENERGY -> figures.picojoules();
            case REST -> rest(figures.picojoules(), figures.terms());
            case ARITHMETIC,
                EXPONENTIALS,
                OFF_CHIP,
                INPUTS,
                BUFFER_READS,
                BUFFER_WRITES,
                REGISTERS ->
                figures.terms().getOrDefault(quantity, 0.0);
            case AREA -> area.knownSquareMillimetres();
            case ARRAYS -> ofTheLargestArray(area);
          });
    }
    return ours;
  }

  /** Tiles are counted by the whole shapes, so a triangle has none. */
  private double cyclesPerTile(Case one, Run run, Taken taken, Map<RankName, Long> shapes) {
    Growth growth = one.growth().orElseThrow();
    if (!shapes.keySet().containsAll(growth.tile().keySet()) || growth.tiles(shapes) <= 0) {
      throw new InvalidInputException(
          "error: growth of case %s adds no tile (got %s up to %d in tiles of %s at %s)%n"
              .formatted(one.name(), growth.rank(), growth.to(), growth.tile(), shapes));
    }
    PointEvaluator evaluator = evaluator(Setting.of(run));
    long before = evaluator.simulatedCycles(taken.schedule(), run.parameters(), shapes);
    long after =
        evaluator.simulatedCycles(taken.schedule(), run.parameters(), growth.grown(shapes));
    return (double) (after - before) / growth.tiles(shapes);
  }

  /** What operations and the outermost memory leave of all energy. */
  private static double rest(double all, Map<Quantity, Double> terms) {
    return Stream.of(Quantity.ARITHMETIC, Quantity.EXPONENTIALS, Quantity.OFF_CHIP)
        .mapToDouble(term -> terms.getOrDefault(term, 0.0))
        .reduce(all, (left, own) -> left - own);
  }

  /** Everything of which there are as many as elements of the largest array. */
  private static double ofTheLargestArray(Area area) {
    double most = area.parts().stream().mapToDouble(Area.Part::instances).max().orElse(0);
    return area.parts().stream()
        .filter(part -> part.instances() == most)
        .mapToDouble(part -> part.squareMillimetres().orElse(0.0))
        .sum();
  }

  private static String parameters(Run run, PointEvaluator.Figures figures) {
    String given =
        run.parameters().entrySet().stream()
            .map(own -> own.getKey() + "=" + own.getValue())
            .sorted()
            .collect(Collectors.joining(" "));
    return (figures.parameters() + " " + given).strip();
  }

  private Map<Quantity, Double> published(Run run, Model model) {
    Map<Quantity, Double> published = new EnumMap<>(Quantity.class);
    run.published()
        .ifPresent(
            own -> {
              FigureTable table =
                  tables.computeIfAbsent(
                      own.file(),
                      file -> FigureTable.read(file, List.copyOf(own.columns().values())));
              library.inputs().of(own.file());
              Map<String, String> wanted = new HashMap<>(own.row());
              if (!model.name().isEmpty()) {
                wanted.put(own.modelColumn(), model.name());
              }
              Map<String, String> row = table.where(wanted).getFirst();
              own.columns()
                  .forEach(
                      (quantity, column) ->
                          published.put(
                              quantity,
                              table.number(row, column) * factor(quantity)
                                  + own.plus().getOrDefault(quantity, 0.0)));
            });
    return published;
  }

  private static double factor(Quantity quantity) {
    return switch (quantity) {
      case LATENCY,
          SIMULATED,
          TILE,
          TRAFFIC,
          ENERGY,
          ARITHMETIC,
          EXPONENTIALS,
          OFF_CHIP,
          REST,
          INPUTS,
          BUFFER_READS,
          BUFFER_WRITES,
          REGISTERS ->
          1;
      case AREA, ARRAYS -> SQUARE_MILLIMETRES_PER_SQUARE_MICROMETRE;
    };
  }
}
