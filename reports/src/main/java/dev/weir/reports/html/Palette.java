package dev.weir.reports.html;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives every name a colour, in the order in which the names are first met. */
public final class Palette {

  /** Number of colours in {@code report.css}; names beyond begin again with the first. */
  private static final int COLOURS = 12;

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

  List<Entry> legend() {
    return colours.keySet().stream().map(name -> new Entry(name, styleOf(name))).toList();
  }
}
