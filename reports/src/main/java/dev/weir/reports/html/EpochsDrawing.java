package dev.weir.reports.html;

import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Part.Epochs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What stands in the cells of a pipeline's table, and where its bars begin and end. */
public record EpochsDrawing(List<Head> heads, List<Row> rows) {

  /** Length of an epoch in the view box of a bar. */
  private static final int WIDTH = 100;

  /** Above a column. */
  public sealed interface Head {}

  /** Above an epoch. */
  public record EpochHead(String text, Figure start, Figure length) implements Head {}

  /** Above a gap. */
  public record GapHead(String text) implements Head {}

  /** One unit. */
  public record Row(String unit, List<Cell> cells) {}

  /** One unit in one epoch. */
  public record Cell(boolean isGap, List<Mark> marks, String waits) {}

  /**
   * An Einsum in a cell.
   *
   * @param tile what all marks of the same tile have in common
   */
  public record Mark(
      String name,
      String relativeTile,
      String tile,
      String style,
      String x,
      String width,
      String tooltip) {}

  static EpochsDrawing of(Epochs epochs, Palette palette) {
    List<Head> heads = new ArrayList<>();
    for (Epochs.Column column : epochs.columns()) {
      heads.add(
          switch (column) {
            case Epochs.Epoch epoch ->
                new EpochHead(
                    String.format(Locale.ROOT, "epoch %,d", epoch.number()),
                    epoch.start(),
                    epoch.length());
            case Epochs.Gap gap -> new GapHead(gap.text());
          });
    }
    List<Row> rows = new ArrayList<>();
    for (Epochs.Row row : epochs.rows()) {
      List<Cell> cells = new ArrayList<>();
      for (int i = 0; i < row.turns().size(); i++) {
        cells.add(cell(epochs.columns().get(i), row.turns().get(i), palette));
      }
      rows.add(new Row(row.unit(), cells));
    }
    return new EpochsDrawing(heads, rows);
  }

  private static Cell cell(Epochs.Column column, Epochs.Turn cell, Palette palette) {
    return switch (column) {
      case Epochs.Gap _ -> new Cell(true, List.of(), "");
      case Epochs.Epoch epoch ->
          new Cell(
              false,
              cell.works().stream().map(work -> mark(epoch, work, palette)).toList(),
              String.join(", ", cell.waits()));
    };
  }

  private static Mark mark(Epochs.Epoch epoch, Epochs.Work work, Palette palette) {
    double scale = WIDTH / epoch.length().value().doubleValue();
    long start = epoch.start().value().longValue();
    return new Mark(
        work.einsum(),
        work.relativeTile(),
        Long.toString(work.tile()),
        palette.styleOf(work.einsum()),
        decimal((work.startCycle() - start) * scale),
        decimal((work.endCycle() - work.startCycle()) * scale),
        String.format(
            Locale.ROOT,
            "%s on tile %,d%s: %,d cycles from %,d on",
            work.einsum(),
            work.tile(),
            work.detail().isEmpty() ? "" : " (" + work.detail() + ")",
            work.cycles(),
            work.startCycle()));
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
  }
}
