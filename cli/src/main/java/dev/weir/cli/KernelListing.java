package dev.weir.cli;

import dev.weir.mapper.schedule.Problem;
import dev.weir.reports.model.Part.LoopNest.Line;
import dev.weir.reports.parts.LoopNests;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel with the lines of the schedule that its parts come from.
 *
 * @param schedule the lines of the schedule's loop nest
 * @param kernel the lines of the kernels' text
 * @param places for each line of the schedule the line of the kernel where its part begins, never
 *     descending
 */
record KernelListing(List<Line> schedule, List<String> kernel, List<Integer> places) {

  /** Columns from which a terminal shows both beside each other. */
  static final int WIDE = 160;

  /** Where a line of the schedule is broken at the latest. */
  private static final int LEFT = 64;

  private static final String CONTINUED = "    ";
  private static final String MARK = "//> ";

  KernelListing {
    schedule = List.copyOf(schedule);
    kernel = List.copyOf(kernel);
    places = List.copyOf(places);
  }

  /**
   * Puts them together.
   *
   * @param text the kernels of the problem as they are printed
   */
  static KernelListing of(Problem problem, String text) {
    List<Line> schedule = LoopNests.of("", "", problem).lines();
    List<String> kernel = text.lines().toList();
    String top = problem.architecture().top().name().text();
    return new KernelListing(schedule, kernel, new KernelPlaces(schedule, kernel, top).all());
  }

  /** The schedule in comments of the kernel, at the depth of the statements that follow. */
  String withComments() {
    StringBuilder out = new StringBuilder();
    int next = 0;
    for (int row = 0; row < kernel.size(); row++) {
      for (; next < schedule.size() && places.get(next) == row; next++) {
        out.append(indent(kernel.get(row))).append(MARK).append(text(schedule.get(next)));
        out.append('\n');
      }
      out.append(kernel.get(row)).append('\n');
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
    List<List<String>> left = schedule.stream().map(KernelListing::broken).toList();
    int width = left.stream().flatMap(List::stream).mapToInt(String::length).max().orElse(0);
    StringBuilder out = new StringBuilder();
    List<String> waiting = new ArrayList<>();
    int next = 0;
    for (int row = 0; row < kernel.size(); row++) {
      if (next < schedule.size() && places.get(next) == row) {
        flush(waiting, width, out);
        for (; next < schedule.size() && places.get(next) == row; next++) {
          waiting.addAll(left.get(next));
        }
      }
      String beside = waiting.isEmpty() ? "" : waiting.removeFirst();
      out.append(row(beside, kernel.get(row), width));
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
