package dev.weir.cli.reproduction;

import dev.weir.einsum.ir.RankName;
import dev.weir.reports.model.Unit;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A table of what else the cost model says: other machines, workloads or schedules side by side.
 *
 * @param name short name for files
 * @param title heading
 * @param text what the table says, and why figures differ
 * @param figures the columns
 * @param within largest relative difference from a published figure at which it counts as
 *     reproduced; figures without one are not judged
 * @param cases the rows, in groups
 */
public record Study(
    String name,
    String title,
    String text,
    List<Quantity> figures,
    Map<Quantity, Double> within,
    List<Case> cases) {

  public Study {
    figures = List.copyOf(figures);
    within = Map.copyOf(within);
    cases = List.copyOf(cases);
  }

  /** Whether any figure of it was published. */
  public boolean isPublished() {
    return cases.stream()
        .flatMap(one -> one.runs().stream())
        .anyMatch(run -> run.published().isPresent());
  }

  /** Whether runs stand beside each other, so that quotients say something. */
  public boolean isCompared() {
    return cases.stream().anyMatch(one -> one.runs().size() > 1);
  }

  /**
   * One workload, run in several ways.
   *
   * @param models workloads whose shapes it takes, one after the other
   * @param shapes that it has instead or besides
   */
  public record Case(
      String name, List<Reproduction.Model> models, Map<RankName, Long> shapes, List<Run> runs) {
    public Case {
      models = List.copyOf(models);
      shapes = Map.copyOf(shapes);
      runs = List.copyOf(runs);
    }
  }

  /**
   * One way to run it.
   *
   * @param schedules the quickest that is legal is taken; a single one may hold more than fits,
   *     which is noted
   * @param largest a parameter that is as large as what fits
   * @param parameters of the schedules
   */
  public record Run(
      String name,
      Path machine,
      Path cascade,
      List<Path> schedules,
      Optional<Reproduction.Largest> largest,
      Map<String, Long> parameters,
      Optional<Triangle> triangle,
      Optional<Published> published) {
    public Run {
      schedules = List.copyOf(schedules);
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * Scores on one side of the diagonal, as rectangles one after the other: each block of rows with
   * all columns up to its own end.
   *
   * @param block rows of a rectangle
   */
  public record Triangle(RankName rows, RankName columns, long block) {

    /** Rows and columns of each rectangle. */
    List<Map<RankName, Long>> rectangles(Map<RankName, Long> shapes) {
      long all = shapes.get(rows);
      return LongStream.range(0, Math.ceilDiv(all, block))
          .mapToObj(
              number ->
                  Map.of(
                      rows,
                      Math.min(block, all - number * block),
                      columns,
                      Math.min((number + 1) * block, shapes.get(columns))))
          .toList();
    }
  }

  /**
   * Where a run's published figures stand.
   *
   * @param row values of columns that choose the line, besides {@code model}
   * @param columns which column has which figure: seconds, bytes, picojoules and square micrometres
   */
  public record Published(Path file, Map<String, String> row, Map<Quantity, String> columns) {
    public Published {
      row = Map.copyOf(row);
      columns = Map.copyOf(columns);
    }
  }

  /** What a column can have. */
  public enum Quantity {
    LATENCY("latency", Unit.SECONDS),
    TRAFFIC("traffic", Unit.BYTES),
    ENERGY("energy", Unit.PICOJOULES),
    /** Of the machine, whatever runs on it. */
    AREA("area", Unit.SQUARE_MILLIMETRES),
    /** Of its arrays and the register files in them, without buffers. */
    ARRAYS("array area", Unit.SQUARE_MILLIMETRES);

    private final String text;
    private final Unit unit;

    Quantity(String text, Unit unit) {
      this.text = text;
      this.unit = unit;
    }

    /** Its name in files. */
    public String text() {
      return text;
    }

    public Unit unit() {
      return unit;
    }

    static List<String> texts() {
      return Arrays.stream(values()).map(Quantity::text).toList();
    }

    static Quantity of(String text) {
      return Arrays.stream(values()).filter(one -> one.text.equals(text)).findFirst().orElseThrow();
    }
  }
}
