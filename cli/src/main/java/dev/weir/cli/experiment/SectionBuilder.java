package dev.weir.cli.experiment;

import dev.weir.reports.model.Card;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Part;
import dev.weir.reports.model.Section;
import java.util.ArrayList;
import java.util.List;

/** Collects what a section shows while its steps run one after another. */
final class SectionBuilder {

  private final List<Card> cards = new ArrayList<>();
  private final List<Card> lastCards = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<List<Cell>> checks = new ArrayList<>();
  private Outcome outcome = Outcome.PASSED;

  void card(String label, Figure figure, String note) {
    cards.add(new Card(label, Cell.of(figure), note));
  }

  void card(String label, Cell cell, String note) {
    cards.add(new Card(label, cell, note));
  }

  /** A card whose note has numbers. */
  void card(String label, Cell cell, List<Cell> note) {
    cards.add(new Card(label, cell, note));
  }

  /** A card that stands behind all others. */
  void lastCard(String label, Figure figure, String note) {
    lastCards.add(new Card(label, Cell.of(figure), note));
  }

  void parts(List<Part> more) {
    parts.addAll(more);
  }

  void part(Part part) {
    parts.add(part);
  }

  /**
   * The result of a check; the worst one is the section's.
   *
   * @param what what must hold
   * @param against how it was found out
   */
  void check(String what, String against, Outcome result, String detail) {
    checks.add(List.of(Cell.of(what), Cell.of(against), new Cell.Verdict(result, detail)));
    outcome = outcome.and(result);
  }

  /** Something could not be tried, or failed, and must not be overlooked. */
  void notice(String title, Outcome result, String text) {
    parts.add(new Part.Notice(title, result, text));
    outcome = outcome.and(result);
  }

  Section section(String id, String title, String description) {
    List<Part> all = new ArrayList<>(parts);
    if (!checks.isEmpty()) {
      all.add(
          new Part.Table(
              "Checks", "", List.of("what must hold", "compared with", "result"), checks));
    }
    List<Card> shown = new ArrayList<>(cards);
    shown.addAll(lastCards);
    return new Section(id, title, description, outcome, shown, all);
  }
}
