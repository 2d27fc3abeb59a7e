package dev.weir.reports.html;

import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part.Bars;
import dev.weir.reports.model.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where the segments of bars lie, in units of the view box. */
public record BarsDrawing(int width, List<Row> rows) {

  private static final int WIDTH = 700;

  /** One bar with its figures for the text beside it. */
  public record Row(String label, List<Block> blocks) {}

  /** One segment. */
  public record Block(
      String x, String width, String style, String name, String tooltip, Figure figure) {}

  static BarsDrawing of(Bars bars, Palette palette) {
    List<Row> rows = new ArrayList<>();
    for (Bars.Bar bar : bars.bars()) {
      List<Block> blocks = new ArrayList<>();
      double whole = Math.max(sum(bar), Double.MIN_NORMAL);
      double x = 0;
      for (Bars.Segment segment : bar.segments()) {
        double width = segment.figure().value().doubleValue() / whole * WIDTH;
        blocks.add(
            new Block(
                decimal(x),
                decimal(width),
                palette.styleOf(segment.name()),
                segment.name(),
                segment.name() + ": " + segment.figure().text() + share(segment, whole),
                segment.figure()));
        x += width;
      }
      rows.add(new Row(bar.label(), blocks));
    }
    return new BarsDrawing(WIDTH, rows);
  }

  /** Of its bar; where figures are shares already, there is nothing to add. */
  private static String share(Bars.Segment segment, double whole) {
    Figure figure = segment.figure();
    return figure.unit() == Unit.RATIO
        ? ""
        : ", "
            + Figure.of(figure.value().doubleValue() / whole, Unit.RATIO, figure.source()).text();
  }

  private static double sum(Bars.Bar bar) {
    return bar.segments().stream().mapToDouble(s -> s.figure().value().doubleValue()).sum();
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
  }
}
