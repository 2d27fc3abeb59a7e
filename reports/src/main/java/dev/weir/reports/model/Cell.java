package dev.weir.reports.model;

/** One cell of a table. */
public sealed interface Cell {

  /** Words. */
  record Words(String text) implements Cell {}

  /** A number with unit and source. */
  record Measured(Figure figure) implements Cell {}

  /** How a check went, and in a few words why. */
  record Verdict(Outcome outcome, String reason) implements Cell {}

  /** The cell in one line, for views without colours. */
  default String text() {
    return switch (this) {
      case Words words -> words.text;
      case Measured measured -> measured.figure.text();
      case Verdict verdict ->
          verdict.reason.isEmpty()
              ? verdict.outcome.text()
              : verdict.outcome.text() + ": " + verdict.reason;
    };
  }

  static Cell of(String text) {
    return new Words(text);
  }

  static Cell of(Figure figure) {
    return new Measured(figure);
  }
}
