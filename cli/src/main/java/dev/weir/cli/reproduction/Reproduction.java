package dev.weir.cli.reproduction;

import dev.weir.einsum.ir.RankName;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a paper published of some designs, and what to evaluate to compare with it.
 *
 * @param file where it was read
 * @param name its name
 * @param description what is compared
 * @param source the paper
 * @param models workloads by name, in order; shapes of all ranks that do not follow the length
 * @param lengths shapes that every model is evaluated at, as they are written
 * @param lengthRanks the ranks that have these shapes
 * @param designs in order
 * @param averages what the paper says of all points together
 * @param within largest difference of a figure at which it counts as reproduced; kinds that are
 *     missing are shown only
 * @param averagesWithin the same of the averages; figures that are missing are shown only
 * @param studies further tables
 */
public record Reproduction(
    Path file,
    String name,
    String description,
    String source,
    List<Model> models,
    Map<String, Long> lengths,
    List<RankName> lengthRanks,
    List<Design> designs,
    List<Average> averages,
    Map<Comparison.Kind, Double> within,
    Map<Metric, Double> averagesWithin,
    List<Study> studies) {

  /** A workload but for its length. */
  public record Model(String name, Map<RankName, Long> shapes) {
    public Model {
      shapes = Map.copyOf(shapes);
    }
  }

  /**
   * A machine and what runs on it.
   *
   * @param schedule the same at all points; empty where {@code mappings} says which
   * @param mappings a table of schedules and shares by model and length
   * @param largest a parameter that is as large as what fits
   * @param parameters of the schedule, by model
   * @param published a table of figures by model and length
   * @param omissions what its published energies leave out
   * @param within bounds that differ from those of all designs
   * @param columns what its columns are: a figure of the whole schedule, a unit or an Einsum
   */
  public record Design(
      String name,
      Path machine,
      Path cascade,
      Optional<Path> schedule,
      Optional<Path> mappings,
      Optional<Largest> largest,
      Map<String, Map<String, Long>> parameters,
      Path published,
      Omissions omissions,
      Map<Comparison.Kind, Double> within,
      Map<String, String> columns) {
    public Design {
      parameters = Map.copyOf(parameters);
      within = Map.copyOf(within);
      columns = Map.copyOf(columns);
    }
  }

  /**
   * The largest number of tiles, a divisor of all, with which a schedule is legal.
   *
   * @param parameter of the schedule
   * @param rank which is cut into tiles
   * @param tile elements of one
   * @param most an upper bound
   */
  public record Largest(String parameter, RankName rank, long tile, long most) {

    String text(long value) {
      return parameter + "=" + value;
    }
  }

  /**
   * A mean over all points of the quotient of figures of designs, those of several added up.
   *
   * @param figure a figure of whole schedules
   * @param published what the paper says
   */
  public record Average(
      Metric figure, List<String> dividend, List<String> divisor, double published) {
    public Average {
      dividend = List.copyOf(dividend);
      divisor = List.copyOf(divisor);
    }
  }

  public Reproduction {
    models = List.copyOf(models);
    lengthRanks = List.copyOf(lengthRanks);
    designs = List.copyOf(designs);
    averages = List.copyOf(averages);
    within = Map.copyOf(within);
    averagesWithin = Map.copyOf(averagesWithin);
    studies = List.copyOf(studies);
  }

  /** A figure of a whole schedule. */
  public enum Metric {
    LATENCY("latency", "s"),
    TRAFFIC("traffic", "B"),
    ENERGY("energy", "pJ"),
    /** Without what the published energies leave out. */
    COUNTED_ENERGY("counted energy", "pJ");

    private final String text;
    private final String unit;

    Metric(String text, String unit) {
      this.text = text;
      this.unit = unit;
    }

    /** Its name in files. */
    public String text() {
      return text;
    }

    public String unit() {
      return unit;
    }

    /** That of this name, if there is one. */
    static Optional<Metric> of(String text) {
      return Arrays.stream(values()).filter(own -> own.text.equals(text)).findFirst();
    }

    static List<String> texts() {
      return Arrays.stream(values()).map(Metric::text).toList();
    }
  }
}
