package dev.weir.cli.reproduction;

import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A table with a heading, values separated by commas. */
final class FigureTable {

  private final SourceFile file;
  private final List<Map<String, String>> rows = new ArrayList<>();

  private FigureTable(SourceFile file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @throws InvalidInputException when it lacks one of the columns, or a line has too few values
   */
  static FigureTable read(Path path, List<String> columns) {
    SourceFile file = ConfigFile.open(path);
    FigureTable table = new FigureTable(file);
    List<String> lines = file.text().lines().toList();
    List<String> heading = lines.isEmpty() ? List.of() : List.of(lines.getFirst().split(","));
    for (String column : columns) {
      if (!heading.contains(column)) {
        throw new InvalidInputException(
            "%s:1: error: no column of that name (got %s, expected %s among them)%n"
                .formatted(path, String.join(", ", heading), column));
      }
    }
    for (int line = 1; line < lines.size(); line++) {
      List<String> values = List.of(lines.get(line).split(",", -1));
      if (values.size() < heading.size()) {
        throw new InvalidInputException(
            "%s:%d: error: a line is too short (got %d values, expected %d)%n"
                .formatted(path, line + 1, values.size(), heading.size()));
      }
      Map<String, String> row = new HashMap<>();
      for (int column = 0; column < heading.size(); column++) {
        row.put(heading.get(column), values.get(column));
      }
      table.rows.add(row);
    }
    return table;
  }

  /**
   * The lines of a point.
   *
   * @throws InvalidInputException when there is none
   */
  List<Map<String, String>> at(String model, String length) {
    return where(Map.of("model", model, "seq_len", length));
  }

  /**
   * The lines with given values in some columns.
   *
   * @throws InvalidInputException when there is none
   */
  List<Map<String, String>> where(Map<String, String> wanted) {
    List<Map<String, String>> found =
        rows.stream().filter(row -> row.entrySet().containsAll(wanted.entrySet())).toList();
    if (found.isEmpty()) {
      String columns =
          wanted.entrySet().stream()
              .map(own -> own.getKey() + " " + own.getValue())
              .sorted()
              .collect(Collectors.joining(", "));
      throw new InvalidInputException(
          "%s: error: no line for %s%n".formatted(file.name(), columns));
    }
    return found;
  }

  /**
   * A number of a line.
   *
   * @throws InvalidInputException when it is none
   */
  double number(Map<String, String> row, String column) {
    try {
      return Double.parseDouble(row.get(column));
    } catch (NumberFormatException notANumber) {
      throw new InvalidInputException(
          "%s:%d: error: no number (got %s, expected one in column %s)%n"
              .formatted(file.name(), rows.indexOf(row) + 2, row.get(column), column));
    }
  }
}
