package dev.weir.cli;

import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.KernelLine;
import dev.weir.reports.model.Part.LoopNest.Line;
import dev.weir.reports.parts.LoopNests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A kernel with the lines of the schedule that its parts come from.
 *
 * @param rows the lines of the kernels' text
 */
record KernelListing(List<Row> rows) {

  /**
   * A line of the kernels' text.
   *
   * @param begun lines of the schedule's loop nest that begin here, outermost first
   */
  record Row(String kernel, List<Line> begun) {
    Row {
      begun = List.copyOf(begun);
    }
  }

  /** Columns from which a terminal shows both beside each other. */
  static final int WIDE = 160;

  /** Where a line of the schedule is broken at the latest. */
  private static final int LEFT = 64;

  private static final String CONTINUED = "    ";
  private static final String MARK = "//> ";

  KernelListing {
    rows = List.copyOf(rows);
  }

  /**
   * Puts them together. A node stands with its first statement, once in each block that holds one;
   * one without a statement of its own (a loop of one trip, a spatial loop, a keep in a buffer),
   * with the first that comes from a node inside.
   *
   * @param kernel the kernels of the problem, line by line
   */
  static KernelListing of(Problem problem, List<KernelLine> kernel) {
    List<Line> lines = LoopNests.of("", "", problem).lines();
    List<NodePath> nodes = LoopNests.nodes(problem);
    Map<NodePath, Line> schedule = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      schedule.put(nodes.get(i), lines.get(i));
    }
    Map<NodePath, Integer> open = new HashMap<>();
    List<Row> rows = new ArrayList<>();
    for (KernelLine line : kernel) {
      open.values().removeIf(depth -> depth > line.depth());
      List<Line> begun = new ArrayList<>();
      for (NodePath node : line.node().map(NodePath::toThis).orElse(List.of())) {
        if (schedule.containsKey(node) && open.putIfAbsent(node, line.depth()) == null) {
          begun.add(schedule.get(node));
        }
      }
      rows.add(new Row(line.text(), begun));
    }
    return new KernelListing(rows);
  }

  /** The schedule in comments of the kernel, at the depth of the statements that follow. */
  String withComments() {
    StringBuilder out = new StringBuilder();
    for (Row row : rows) {
      for (Line line : row.begun()) {
        out.append(indent(row.kernel())).append(MARK).append(text(line)).append('\n');
      }
      out.append(row.kernel()).append('\n');
    }
    return out.toString();
  }

  private static String indent(String line) {
    return line.substring(0, line.length() - line.stripLeading().length());
  }

  private static String text(Line line) {
    return line.note().isEmpty() ? line.text() : line.text() + "  (" + line.note() + ")";
  }

  /**
   * Two columns: the kernel waits where a part of it has more lines of the schedule than its own.
   */
  String sideBySide() {
    int width =
        rows.stream()
            .flatMap(row -> row.begun().stream())
            .flatMap(line -> broken(line).stream())
            .mapToInt(String::length)
            .max()
            .orElse(0);
    StringBuilder out = new StringBuilder();
    List<String> waiting = new ArrayList<>();
    for (Row row : rows) {
      if (!row.begun().isEmpty()) {
        flush(waiting, width, out);
        row.begun().forEach(line -> waiting.addAll(broken(line)));
      }
      String beside = waiting.isEmpty() ? "" : waiting.removeFirst();
      out.append(row(beside, row.kernel(), width));
    }
    flush(waiting, width, out);
    return out.toString();
  }

  private static void flush(List<String> waiting, int width, StringBuilder out) {
    waiting.forEach(line -> out.append(row(line, "", width)));
    waiting.clear();
  }

  private static String row(String left, String right, int width) {
    return (left + " ".repeat(width - left.length()) + " │ " + right).stripTrailing() + "\n";
  }

  /** As many heads in a line as there is room for, at least one, then the note. */
  private static List<String> broken(Line line) {
    String indent = "  ".repeat(line.depth());
    List<String> words = new ArrayList<>(line.heads());
    if (!line.note().isEmpty()) {
      words.add("(" + line.note() + ")");
    }
    List<String> lines = new ArrayList<>();
    String current = indent + words.getFirst();
    for (String word : words.subList(1, words.size())) {
      if (current.length() + 2 + word.length() <= LEFT) {
        current += "  " + word;
      } else {
        lines.add(current);
        current = indent + CONTINUED + word;
      }
    }
    lines.add(current);
    return lines;
  }
}
