package dev.weir.reports.html;

import dev.weir.reports.model.Part.OverTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Where the bands of shares over time lie, in units of the view box. */
public record OverTimeDrawing(
    int width,
    int height,
    List<Strip> strips,
    List<Area> areas,
    List<TimeAxis.Tick> ticks,
    List<Palette.Entry> legend) {

  private static final int WIDTH = 1120;
  private static final int LEFT = 176;
  private static final int RIGHT = 16;
  private static final int TOP = 28;
  private static final int STRIP = 52;
  private static final int GAP = 14;

  /** The background of a strip and its name. */
  public record Strip(String label, int x, int y, int width, int height) {}

  /** A band: what lies between two lines of steps. */
  public record Area(String path, String style, String tooltip) {}

  static OverTimeDrawing of(OverTime profile, Palette palette) {
    long cycles = Math.max(1, profile.borders().getLast());
    double scale = (WIDTH - LEFT - RIGHT) / (double) cycles;
    List<Strip> strips = new ArrayList<>();
    List<Area> areas = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    int y = TOP;
    for (OverTime.Strip strip : profile.strips()) {
      strips.add(new Strip(strip.label(), LEFT, y, WIDTH - LEFT - RIGHT, STRIP));
      double[] base = new double[profile.borders().size() - 1];
      for (OverTime.Band band : strip.bands()) {
        areas.add(
            new Area(
                path(profile.borders(), band, base, y, scale),
                palette.styleOf(band.name()),
                "%s: %s %s of all cycles"
                    .formatted(strip.label(), band.name(), percent(mean(profile, band)))));
        names.add(band.name());
      }
      y += STRIP + GAP;
    }
    return new OverTimeDrawing(
        WIDTH,
        y,
        strips,
        areas,
        TimeAxis.ticks(0, cycles, LEFT, scale),
        names.stream().map(palette::entry).toList());
  }

  /**
   * Along the top from left to right and back along the bottom.
   *
   * @param base where the band stands; afterwards where the next one does
   */
  private static String path(
      List<Long> borders, OverTime.Band band, double[] base, int y, double scale) {
    StringBuilder top = new StringBuilder();
    StringBuilder bottom = new StringBuilder();
    for (int i = 0; i < base.length; i++) {
      String from = decimal(LEFT + borders.get(i) * scale);
      String to = decimal(LEFT + borders.get(i + 1) * scale);
      double low = y + STRIP * (1 - base[i]);
      base[i] = Math.min(1, base[i] + band.shares().get(i));
      double high = y + STRIP * (1 - base[i]);
      top.append(i == 0 ? "M" : "L").append(from).append(' ').append(decimal(high));
      top.append('H').append(to);
      bottom.insert(0, "L" + to + " " + decimal(low) + "H" + from);
    }
    return top.append(bottom).append('Z').toString();
  }

  private static double mean(OverTime profile, OverTime.Band band) {
    double sum = 0;
    for (int i = 0; i < band.shares().size(); i++) {
      long cycles = profile.borders().get(i + 1) - profile.borders().get(i);
      sum += band.shares().get(i) * cycles;
    }
    return sum / Math.max(1, profile.borders().getLast());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.3g %%", 100 * share);
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
