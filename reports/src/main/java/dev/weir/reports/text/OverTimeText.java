package dev.weir.reports.text;

import dev.weir.reports.model.Part.OverTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a run went, in at most {@value #STRETCHES} stretches of it. */
final class OverTimeText {

  private static final int STRETCHES = 10;

  private OverTimeText() {}

  static String of(OverTime profile) {
    List<Long> borders = profile.borders();
    int step = Math.ceilDiv(borders.size() - 1, STRETCHES);
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("", "up to cycle"));
    for (int to = step; to < borders.size() - 1 + step; to += step) {
      head.add("%,d".formatted(borders.get(Math.min(to, borders.size() - 1))));
    }
    rows.add(head);
    for (OverTime.Strip strip : profile.strips()) {
      String label = strip.label();
      for (OverTime.Band band : strip.bands()) {
        List<String> row = new ArrayList<>(List.of(label, band.name()));
        for (int from = 0; from < borders.size() - 1; from += step) {
          row.add(mean(band, borders, from, Math.min(from + step, borders.size() - 1)));
        }
        rows.add(row);
        label = "";
      }
    }
    return TextTable.of(rows);
  }

  private static String mean(OverTime.Band band, List<Long> borders, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += band.shares().get(i) * (borders.get(i + 1) - borders.get(i));
    }
    return String.format(Locale.ROOT, "%.0f %%", 100 * sum / (borders.get(to) - borders.get(from)));
  }
}
