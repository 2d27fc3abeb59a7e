package dev.weir.cli.reproduction;

import dev.weir.cli.experiment.Library;
import dev.weir.cli.reproduction.Comparison.Kind;
import dev.weir.cli.reproduction.Comparison.Line;
import dev.weir.cli.reproduction.Reproduction.Design;
import dev.weir.cli.reproduction.Reproduction.Metric;
import dev.weir.cli.reproduction.Reproduction.Model;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates all points of all designs. */
public final class ReproductionRunner {

  private ReproductionRunner() {}

  /**
   * Figures of every design at every point.
   *
   * @throws InvalidInputException when a table lacks a point, or a schedule breaks a rule other
   *     than capacity, which is noted
   */
  public static List<Comparison> run(Reproduction reproduction, Library library) {
    List<Comparison> all = new ArrayList<>();
    for (Design design : reproduction.designs()) {
      library.inputs().of(design.published());
      FigureTable published =
          FigureTable.read(design.published(), List.copyOf(design.columns().keySet()));
      Optional<FigureTable> mappings =
          design.mappings().map(file -> FigureTable.read(file, List.of("schedule", "share")));
      design.mappings().ifPresent(file -> library.inputs().of(file));
      PointEvaluator evaluator =
          new PointEvaluator(library, design.machine(), design.cascade(), design.largest());
      design.omissions().check(design.name(), evaluator.cascade(), evaluator.machine());
      for (Model model : reproduction.models()) {
        for (Map.Entry<String, Long> length : reproduction.lengths().entrySet()) {
          Map<RankName, Long> shapes = new HashMap<>(model.shapes());
          reproduction.lengthRanks().forEach(rank -> shapes.put(rank, length.getValue()));
          PointEvaluator.Figures figures =
              evaluator.evaluate(
                  parts(design, mappings, model.name(), length.getKey()),
                  design.parameters().getOrDefault(model.name(), Map.of()),
                  shapes,
                  design.omissions().at(model.name(), length.getKey()));
          Map<String, String> row = published.at(model.name(), length.getKey()).getFirst();
          all.add(
              new Comparison(
                  design.name(),
                  model.name(),
                  length.getKey(),
                  figures.parameters(),
                  lines(design, published, row, figures),
                  figures.notes()));
        }
      }
    }
    return all;
  }

  private static List<PointEvaluator.Part> parts(
      Design design, Optional<FigureTable> mappings, String model, String length) {
    if (mappings.isEmpty()) {
      return List.of(new PointEvaluator.Part(design.schedule().orElseThrow(), 1));
    }
    FigureTable table = mappings.get();
    List<PointEvaluator.Part> parts = new ArrayList<>();
    for (Map<String, String> row : table.at(model, length)) {
      Path schedule =
          ReproductionReader.beside(design.mappings().orElseThrow(), row.get("schedule"));
      parts.add(new PointEvaluator.Part(schedule, table.number(row, "share")));
    }
    return parts;
  }

  private static List<Line> lines(
      Design design,
      FigureTable published,
      Map<String, String> row,
      PointEvaluator.Figures figures) {
    List<Line> lines = new ArrayList<>();
    for (Map.Entry<String, String> column : design.columns().entrySet()) {
      String figure = column.getValue();
      double theirs = published.number(row, column.getKey());
      lines.add(line(design, figure, theirs, figures));
      if (figure.equals(Metric.ENERGY.text()) && !design.omissions().equals(Omissions.NONE)) {
        lines.add(line(design, Metric.COUNTED_ENERGY.text(), theirs, figures));
      }
    }
    lines.sort(Comparator.comparing(Line::kind).thenComparing(Line::figure));
    return lines;
  }

  private static Line line(Metric metric, double published, PointEvaluator.Figures figures) {
    Kind kind =
        switch (metric) {
          case LATENCY -> Kind.LATENCY;
          case TRAFFIC -> Kind.TRAFFIC;
          case ENERGY -> Kind.ENERGY;
          case COUNTED_ENERGY -> Kind.COUNTED_ENERGY;
        };
    double ours =
        switch (metric) {
          case LATENCY -> figures.seconds();
          case TRAFFIC -> figures.bytes();
          case ENERGY -> figures.picojoules();
          case COUNTED_ENERGY -> figures.countedPicojoules();
        };
    return new Line(metric.text(), kind, metric.unit(), published, ours);
  }

  private static Line line(
      Design design, String figure, double published, PointEvaluator.Figures figures) {
    Optional<Metric> metric = Metric.of(figure);
    if (metric.isPresent()) {
      return line(metric.get(), published, figures);
    }
    Optional<Double> unit = Optional.ofNullable(figures.units().get(figure));
    Optional<Double> einsum = Optional.ofNullable(figures.einsums().get(figure));
    if (unit.isPresent()) {
      return new Line(figure, Kind.UNIT, "of 1", published, unit.get());
    }
    return einsum
        .map(own -> new Line(figure, Kind.EINSUM, "of 1", published, own))
        .orElseThrow(
            () ->
                new InvalidInputException(
                    ("error: design %s has no such figure (got %s, expected latency, traffic,"
                            + " energy, one of %s or one of %s)%n")
                        .formatted(
                            design.name(),
                            figure,
                            figures.units().keySet(),
                            figures.einsums().keySet())));
  }
}
