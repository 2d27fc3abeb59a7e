package dev.weir.reports.model;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One of the few things a reader should see first.
 *
 * @param label what it is
 * @param value the thing
 * @param note what stands below it, words and numbers in the order of reading; may be empty
 */
public record Card(String label, Cell value, List<Cell> note) {

  public Card {
    note = List.copyOf(note);
  }

  /** A card whose note is words only. */
  public Card(String label, Cell value, String note) {
    this(label, value, note.isEmpty() ? List.of() : List.of(Cell.of(note)));
  }

  /** The note in one line. */
  public String noteText() {
    return note.stream().map(Cell::text).collect(Collectors.joining(" "));
  }

  /** Its numbers in the order in which they are shown. */
  public Stream<Figure> figures() {
    return Stream.concat(Stream.of(value), note.stream()).flatMap(Part::figureOf);
  }
}
