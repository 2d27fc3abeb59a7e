package dev.weir.mapper.arch;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that a machine does for nothing by its file, and that no built machine does. Every
 * figure of such a machine rests on it.
 *
 * @param words what it is, as {@code fill and drain of Array2D.rows are hidden (1 cycle a hop, 256
 *     instances)}
 * @param source why it is taken to be so
 */
public record Idealisation(String words, String source) {

  static List<Idealisation> of(Architecture architecture) {
    List<Idealisation> all = new ArrayList<>();
    for (MemoryLevel level : architecture.levels()) {
      if (level.bandwidth().isEmpty()) {
        all.add(
            new Idealisation(
                level.name() + " moves any number of words in a cycle",
                architecture.source("memories." + level.name())));
      }
    }
    for (ComputeUnit unit : architecture.units()) {
      for (Axis axis : unit.axes()) {
        if (axis.fill() == Axis.Fill.HIDDEN && axis.hopCycles() > 0 && axis.width() > 1) {
          all.add(
              new Idealisation(
                  "fill and drain of %s are hidden (%d %s a hop, %d instances)"
                      .formatted(
                          axis.name(),
                          axis.hopCycles(),
                          axis.hopCycles() == 1 ? "cycle" : "cycles",
                          axis.width()),
                  architecture.source(path(architecture, unit, axis))));
        }
      }
    }
    return all;
  }

  /** An axis stands in its file with the unit's name before it or without. */
  private static String path(Architecture architecture, ComputeUnit unit, Axis axis) {
    String axes = "units." + unit.name() + ".axes.";
    String whole = axes + axis.name();
    String start = unit.name() + ".";
    return architecture.sources().containsKey(whole) || !axis.name().text().startsWith(start)
        ? whole
        : axes + axis.name().text().substring(start.length());
  }
}
