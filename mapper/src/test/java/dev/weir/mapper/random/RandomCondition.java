package dev.weir.mapper.random;

import java.util.List;
import java.util.Random;

/**
 * Random conditions over the coordinates of two ranks, in the language: causal, bands of a window
 * on one side or on both, blocks, every so many, bounds, and what {@code and}, {@code or} and
 * {@code not} make of them.
 */
final class RandomCondition {

  private static final List<String> COMPARISONS = List.of("<", "<=", ">", ">=", "==", "!=");

  private final Random random;
  private final String row;
  private final String column;

  /**
   * Conditions over two coordinates.
   *
   * @param row a rank variable
   * @param column another one, or a joined coordinate
   */
  RandomCondition(Random random, String row, String column) {
    this.random = random;
    this.row = row;
    this.column = column.contains("*") ? "(" + column + ")" : column;
  }

  /** A condition, without the bar before it. */
  String text() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> column + " <= " + row;
      case 3, 4, 5 -> band();
      case 6 -> row + " - " + column + " < " + (1 + random.nextInt(3));
      case 7 -> both();
      case 8 -> block();
      case 9 -> simple();
      case 10 -> "not (" + simple() + ")";
      default -> simple() + (random.nextBoolean() ? " and " : " or ") + simple();
    };
  }

  /** A window behind each row, sometimes one that looks ahead. */
  private String band() {
    int behind = 1 + random.nextInt(3);
    String ahead = random.nextInt(3) > 0 ? "" : " + " + (1 + random.nextInt(2));
    return column + " <= " + row + ahead + " and " + row + " - " + column + " < " + behind;
  }

  private String both() {
    int ahead = random.nextInt(3);
    int behind = random.nextInt(3);
    return row + " - " + column + " <= " + behind + " and " + column + " - " + row + " <= " + ahead;
  }

  private String block() {
    int size = 2 + random.nextInt(2);
    String comparison = random.nextBoolean() ? " == " : " <= ";
    return column + "/" + size + comparison + row + "/" + size;
  }

  private String simple() {
    String one = random.nextBoolean() ? row : column;
    int number = random.nextInt(4);
    String comparison = " " + COMPARISONS.get(random.nextInt(COMPARISONS.size())) + " ";
    return switch (random.nextInt(4)) {
      case 0 -> one + comparison + number;
      case 1 -> one + "%" + (2 + random.nextInt(2)) + " == " + random.nextInt(2);
      case 2 -> column + comparison + row;
      default -> "(" + row + " - " + column + ")%2 == " + random.nextInt(2);
    };
  }
}
