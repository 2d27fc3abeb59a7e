package dev.weir.reports.html;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives every name a colour, in the order in which the names are first met. Pictures that share a
 * palette show one thing in one colour.
 */
public final class Palette {

  /** Number of colours in {@code report.css}; names beyond begin again with the first. */
  private static final int COLOURS = 20;

  private final Map<String, Integer> colours = new LinkedHashMap<>();

  /**
   * An entry of a legend.
   *
   * @param name what has the colour
   * @param style class in {@code report.css}
   */
  public record Entry(String name, String style) {}

  String styleOf(String name) {
    return "c" + colours.computeIfAbsent(name, _ -> colours.size()) % COLOURS;
  }

  Entry entry(String name) {
    return new Entry(name, styleOf(name));
  }
}
