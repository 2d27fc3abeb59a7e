package dev.weir.reports.model;

/** One cell of a table. */
public sealed interface Cell {

  /** Words. */
  record Words(String text) implements Cell {}

  /** A number with unit and source. */
  record Measured(Figure figure) implements Cell {}

  /** How a check went, and in a few words why. */
  record Verdict(Outcome outcome, String reason) implements Cell {}

  static Cell of(String text) {
    return new Words(text);
  }

  static Cell of(Figure figure) {
    return new Measured(figure);
  }
}
