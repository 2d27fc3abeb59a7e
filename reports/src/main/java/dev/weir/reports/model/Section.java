package dev.weir.reports.model;

import java.util.List;
import java.util.stream.Stream;

/**
 * All about one target. Figures of different targets never stand in one section.
 *
 * @param id short name for links: lower-case letters, digits, hyphens
 * @param title its name
 * @param description what was computed on what, one or two sentences
 * @param outcome the worst of its checks
 * @param cards what to see first
 * @param parts the rest
 */
public record Section(
    String id,
    String title,
    String description,
    Outcome outcome,
    List<Card> cards,
    List<Part> parts) {

  public Section {
    if (!id.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException("section id '" + id + "'");
    }
    cards = List.copyOf(cards);
    parts = List.copyOf(parts);
  }

  /** All numbers in the order in which they are shown. */
  public Stream<Figure> figures() {
    return Stream.concat(
        cards.stream().flatMap(Card::figures),
        parts.stream().flatMap(part -> part.figures().stream()));
  }
}
