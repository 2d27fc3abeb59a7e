package dev.weir.reports.text;

import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Part;
import java.util.ArrayList;
import java.util.List;

/** Lines up columns of text. */
public final class TextTable {

  private static final String GAP = "  ";

  private TextTable() {}

  /** A report's table with its headings. */
  public static String of(Part.Table table) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(table.headings());
    table.rows().forEach(row -> rows.add(row.stream().map(TextTable::text).toList()));
    boolean[] right = new boolean[table.headings().size()];
    for (int column = 0; column < right.length; column++) {
      right[column] = table.isNumeric(column);
    }
    return align(rows, right);
  }

  /** Rows of equal length, all columns to the left. */
  public static String of(List<List<String>> rows) {
    return rows.isEmpty() ? "" : align(rows, new boolean[rows.getFirst().size()]);
  }

  /** A cell in one line. */
  public static String text(Cell cell) {
    return cell.text();
  }

  private static String align(List<List<String>> rows, boolean[] right) {
    int[] widths = new int[right.length];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], length(row.get(column)));
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String padding = " ".repeat(widths[column] - length(row.get(column)));
        line.append(right[column] ? padding + row.get(column) : row.get(column) + padding);
        line.append(GAP);
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
