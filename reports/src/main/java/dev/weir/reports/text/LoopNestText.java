package dev.weir.reports.text;

import dev.weir.reports.model.Part;
import java.util.ArrayList;
import java.util.List;

/** A loop nest for a terminal: lines that are too long go on below, sizes stand in a column. */
final class LoopNestText {

  /** Where sizes begin at the latest; half of a wide terminal is left for them. */
  private static final int WIDEST = 84;

  /** How much deeper than its node a line goes on. */
  private static final String CONTINUED = "    ";

  private LoopNestText() {}

  static String of(Part.LoopNest nest) {
    List<List<String>> rows = new ArrayList<>();
    for (Part.LoopNest.Line line : nest.lines()) {
      List<String> broken = broken(line);
      for (int i = 0; i < broken.size(); i++) {
        rows.add(List.of(broken.get(i), i == 0 ? line.note() : ""));
      }
    }
    return TextTable.of(rows);
  }

  /** As many heads in a line as there is room for, at least one. */
  private static List<String> broken(Part.LoopNest.Line line) {
    String indent = "  ".repeat(line.depth());
    List<String> lines = new ArrayList<>();
    String current = indent + line.heads().getFirst();
    for (String head : line.heads().subList(1, line.heads().size())) {
      String longer = current + "  " + head;
      if (longer.length() <= WIDEST) {
        current = longer;
      } else {
        lines.add(current);
        current = indent + CONTINUED + head;
      }
    }
    lines.add(current);
    return lines;
  }
}
