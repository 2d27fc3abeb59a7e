package dev.weir.cli.reproduction;

import java.util.List;

/**
 * Figures of one design at one point.
 *
 * @param parameters of the schedules, as {@code P1=16}; may be empty
 * @param notes what is wrong with the published mapping, such as that it does not fit
 */
public record Comparison(
    String design,
    String model,
    String length,
    String parameters,
    List<Line> lines,
    List<String> notes) {

  public Comparison {
    lines = List.copyOf(lines);
    notes = List.copyOf(notes);
  }

  /**
   * One figure.
   *
   * @param figure what it is
   * @param kind how it is compared
   * @param published what the paper has
   * @param ours what the cost model finds
   */
  public record Line(String figure, Kind kind, String unit, double published, double ours) {

    /** Relative for quantities, absolute for shares. */
    public double difference() {
      return kind == Kind.EINSUM || published == 0 ? ours - published : ours / published - 1;
    }
  }

  /** What a figure is of. */
  public enum Kind {
    LATENCY("latency"),
    TRAFFIC("traffic"),
    ENERGY("energy"),
    COUNTED_ENERGY("counted energy"),
    UNIT("units"),
    EINSUM("Einsums");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** Its name in files. */
    public String text() {
      return text;
    }
  }
}
