package dev.weir.cli.reproduction;

import dev.weir.cli.experiment.Library;
import dev.weir.cli.reproduction.Comparison.Kind;
import dev.weir.cli.reproduction.Comparison.Line;
import dev.weir.cli.reproduction.Reproduction.Average;
import dev.weir.cli.reproduction.Reproduction.Design;
import dev.weir.mapper.arch.Idealisation;
import dev.weir.reports.model.Card;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.InputFile;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Provenance;
import dev.weir.reports.model.Report;
import dev.weir.reports.model.Section;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.text.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The figures of a reproduction as a summary, as a table for programs and as a report. */
public final class ReproductionReport {

  private final Reproduction reproduction;
  private final List<Comparison> comparisons;
  private final Library library;
  private final Source ours;
  private final Source theirs;
  private final StudyReport studies;

  /**
   * @param comparisons all of them, as {@link ReproductionRunner} gives them
   * @param results of all studies, as {@link StudyRunner} gives them
   * @param library what was read for them
   */
  public ReproductionReport(
      Reproduction reproduction,
      List<Comparison> comparisons,
      List<StudyResult> results,
      Library library) {
    this.reproduction = reproduction;
    this.comparisons = List.copyOf(comparisons);
    this.library = library;
    this.ours =
        new Source(
            "cost model",
            "all that is evaluated for " + reproduction.name(),
            inputs(
                Stream.concat(
                    reproduction.designs().stream().flatMap(ReproductionReport::files),
                    runs().flatMap(ReproductionReport::files))));
    this.theirs =
        new Source(
            "published",
            reproduction.source(),
            inputs(
                Stream.concat(
                    reproduction.designs().stream().map(Design::published),
                    runs().flatMap(run -> run.published().stream()).map(Study.Published::file))));
    this.studies = new StudyReport(results, ours, theirs);
  }

  private static Stream<Path> files(Design design) {
    return Stream.concat(Stream.of(design.machine(), design.cascade()), design.schedule().stream());
  }

  private static Stream<Path> files(Study.Run run) {
    return Stream.concat(Stream.of(run.machine(), run.cascade()), run.schedules().stream());
  }

  private Stream<Study.Run> runs() {
    return reproduction.studies().stream()
        .flatMap(study -> study.cases().stream())
        .flatMap(one -> one.runs().stream());
  }

  private List<InputFile> inputs(Stream<Path> files) {
    return files.distinct().map(library.inputs()::of).toList();
  }

  /** For the terminal. */
  public String summary() {
    StringBuilder text = new StringBuilder();
    text.append(reproduction.source()).append("\n\n");
    if (!reproduction.designs().isEmpty()) {
      text.append("Largest difference of ours from what is published, over all points\n");
      text.append(TextTable.of(differences())).append('\n');
    }
    if (!reproduction.averages().isEmpty()) {
      text.append("Means over all points\n").append(TextTable.of(averages())).append('\n');
    }
    List<String> notes = notes();
    if (!notes.isEmpty()) {
      text.append("Published mappings that break a rule\n");
      notes.forEach(note -> text.append("  ").append(note).append('\n'));
      text.append('\n');
    }
    return text.append(studies.summary()).toString();
  }

  private Part.Table differences() {
    List<String> headings =
        List.of(
            "design",
            "points",
            "latency",
            "traffic",
            "energy",
            "counted energy",
            "units",
            "by Einsum",
            "within bounds");
    List<List<Cell>> rows = new ArrayList<>();
    for (Design design : reproduction.designs()) {
      List<Comparison> own = of(design);
      List<Cell> row = new ArrayList<>();
      row.add(Cell.of(design.name()));
      row.add(Cell.of(Integer.toString(own.size())));
      for (Kind kind : Kind.values()) {
        row.add(worst(own, kind).map(this::ratio).orElse(Cell.of("–")));
      }
      row.add(verdict(design));
      rows.add(row);
    }
    return new Part.Table(
        "Differences",
        "Largest difference from the published figure: relative for latency, traffic, energy and"
            + " units; of utilisation by Einsum as it is. Counted energy leaves out what the"
            + " published energies do.",
        headings,
        rows);
  }

  private Cell verdict(Design design) {
    String beyond =
        Arrays.stream(Kind.values())
            .filter(kind -> !isWithin(design, kind))
            .map(Kind::text)
            .collect(Collectors.joining(", "));
    return new Cell.Verdict(beyond.isEmpty() ? Outcome.PASSED : Outcome.FAILED, beyond);
  }

  private boolean isWithin(Design design, Kind kind) {
    double bound =
        design
            .within()
            .getOrDefault(kind, reproduction.within().getOrDefault(kind, Double.POSITIVE_INFINITY));
    return worst(of(design), kind).filter(worst -> Math.abs(worst) > bound).isEmpty();
  }

  private Outcome outcome(Design design) {
    boolean all = Arrays.stream(Kind.values()).allMatch(kind -> isWithin(design, kind));
    return all ? Outcome.PASSED : Outcome.FAILED;
  }

  private Outcome outcomeOfAverages() {
    boolean all = reproduction.averages().stream().allMatch(this::isWithin);
    return all ? Outcome.PASSED : Outcome.FAILED;
  }

  private boolean isWithin(Average average) {
    double bound =
        reproduction.averagesWithin().getOrDefault(average.figure(), Double.POSITIVE_INFINITY);
    return Math.abs(mean(average) / average.published() - 1) <= bound;
  }

  private Cell ratio(double difference) {
    return Cell.of(Figure.of(difference, Unit.RATIO, ours));
  }

  private static Optional<Double> worst(List<Comparison> comparisons, Kind kind) {
    return comparisons.stream()
        .flatMap(comparison -> comparison.lines().stream())
        .filter(line -> line.kind() == kind)
        .map(Line::difference)
        .max(Comparator.comparingDouble(Math::abs));
  }

  private List<Comparison> of(Design design) {
    return comparisons.stream().filter(one -> one.design().equals(design.name())).toList();
  }

  private Part.Table averages() {
    List<List<Cell>> rows = new ArrayList<>();
    for (Average average : reproduction.averages()) {
      double mean = mean(average);
      rows.add(
          List.of(
              Cell.of(
                  "%s of %s ÷ %s"
                      .formatted(
                          average.figure().text(),
                          sum(average.dividend()),
                          sum(average.divisor()))),
              Cell.of(Figure.of(average.published(), Unit.TIMES, theirs)),
              Cell.of(Figure.of(mean, Unit.TIMES, ours)),
              ratio(mean / average.published() - 1),
              verdict(average)));
    }
    return new Part.Table(
        "Means",
        "Arithmetic means over all points of the quotient of two designs.",
        List.of("mean", "published", "ours", "difference", "within bounds"),
        rows);
  }

  private Cell verdict(Average average) {
    return reproduction.averagesWithin().containsKey(average.figure())
        ? new Cell.Verdict(isWithin(average) ? Outcome.PASSED : Outcome.FAILED, "")
        : Cell.of("–");
  }

  private static String sum(List<String> designs) {
    return designs.size() == 1 ? designs.getFirst() : "(" + String.join(" and ", designs) + ")";
  }

  private double mean(Average average) {
    return comparisons.stream()
        .filter(one -> one.design().equals(average.dividend().getFirst()))
        .mapToDouble(
            point ->
                sum(average.dividend(), average, point) / sum(average.divisor(), average, point))
        .average()
        .orElseThrow();
  }

  /** Of all these designs at a point. */
  private double sum(List<String> designs, Average average, Comparison point) {
    return comparisons.stream()
        .filter(one -> designs.contains(one.design()))
        .filter(one -> one.model().equals(point.model()) && one.length().equals(point.length()))
        .flatMap(one -> one.lines().stream())
        .filter(line -> line.figure().equals(average.figure().text()))
        .mapToDouble(Line::ours)
        .sum();
  }

  private List<String> notes() {
    return comparisons.stream()
        .flatMap(
            one ->
                one.notes().stream()
                    .map(
                        note ->
                            "%s, %s at %s: %s"
                                .formatted(one.design(), one.model(), one.length(), note)))
        .toList();
  }

  /** All figures, a line each. */
  public String csv() {
    StringBuilder text =
        new StringBuilder("design,model,length,parameters,figure,unit,published,ours,difference\n");
    for (Comparison one : comparisons) {
      for (Line line : one.lines()) {
        text.append(
            String.format(
                Locale.ROOT,
                "%s,%s,%s,%s,%s,%s,%s,%s,%s%n",
                one.design(),
                one.model(),
                one.length(),
                one.parameters(),
                line.figure(),
                line.unit(),
                line.published(),
                line.ours(),
                line.difference()));
      }
    }
    return text.toString();
  }

  /** Figures of the studies, a line each. */
  public String studiesCsv() {
    return studies.csv();
  }

  /**
   * The report.
   *
   * @param provenance how to get it again
   */
  public Report report(Provenance provenance) {
    List<Section> sections = new ArrayList<>();
    List<Part> overview = new ArrayList<>();
    if (!reproduction.designs().isEmpty()) {
      overview.add(differences());
    }
    if (!reproduction.averages().isEmpty()) {
      overview.add(averages());
    }
    List<String> notes = notes();
    if (!notes.isEmpty()) {
      overview.add(
          new Part.Listing(
              "Published mappings that break a rule",
              "They are evaluated as published all the same.",
              String.join("\n", notes)));
    }
    sections.add(
        new Section(
            "overview",
            "Overview",
            reproduction.description(),
            outcomeOfAverages(),
            List.<Card>of(),
            overview));
    for (int i = 0; i < reproduction.designs().size(); i++) {
      sections.add(section(i, reproduction.designs().get(i)));
    }
    sections.addAll(studies.sections());
    return new Report(reproduction.name(), reproduction.description(), provenance, sections);
  }

  private Section section(int number, Design design) {
    List<Part> parts = new ArrayList<>(List.of(points(design)));
    String idealised =
        library.architecture(design.machine()).idealisations().stream()
            .map(Idealisation::words)
            .collect(Collectors.joining("\n"));
    parts.add(
        new Part.Listing(
            "What these figures take for granted",
            "The machine's file says why.",
            idealised.isEmpty() ? "nothing" : idealised));
    return new Section(
        "design-" + (number + 1),
        design.name(),
        "On " + library.architecture(design.machine()).description() + ".",
        outcome(design),
        List.of(),
        parts);
  }

  private Part.Table points(Design design) {
    List<List<Cell>> rows = new ArrayList<>();
    for (Comparison one : of(design)) {
      for (Line line : one.lines()) {
        rows.add(
            List.of(
                Cell.of(one.model()),
                Cell.of(one.length()),
                Cell.of(one.parameters().isEmpty() ? "–" : one.parameters()),
                Cell.of(line.figure()),
                figure(line, line.published(), theirs),
                figure(line, line.ours(), ours),
                ratio(line.difference())));
      }
    }
    return new Part.Table(
        "All points",
        "",
        List.of("model", "length", "parameters", "figure", "published", "ours", "difference"),
        rows);
  }

  private static Cell figure(Line line, double value, Source source) {
    Unit unit =
        switch (line.kind()) {
          case LATENCY -> Unit.SECONDS;
          case TRAFFIC -> Unit.BYTES;
          case ENERGY, COUNTED_ENERGY -> Unit.PICOJOULES;
          case UNIT, EINSUM -> Unit.RATIO;
        };
    return Cell.of(Figure.of(value, unit, source));
  }
}
