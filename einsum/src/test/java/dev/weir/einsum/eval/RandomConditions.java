package dev.weir.einsum.eval;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * Conditions on a pair of coordinates, each as text and as a function that brute force calls. The
 * tables are {@code J[P]}, whole numbers, and {@code G[P]}, any numbers, some of them none.
 */
final class RandomConditions {

  /** A number of two coordinates. */
  @FunctionalInterface
  interface Amount {
    double at(int p, int m);
  }

  /** A truth value of two coordinates. */
  @FunctionalInterface
  interface Truth {
    boolean at(int p, int m);
  }

  /** A number, and how it is written. */
  record Quantity(String text, Amount value) {}

  /** A truth value, and how it is written. */
  record Condition(String text, Truth value) {}

  private final Random random;
  private final double[] whole;
  private final double[] any;

  RandomConditions(Random random, int rows, int columns) {
    this.random = random;
    this.whole = IntStream.range(0, rows).mapToDouble(_ -> random.nextInt(columns + 4)).toArray();
    this.any = random.doubles(rows, -2, columns + 2).toArray();
    any[random.nextInt(rows)] = Double.NaN;
    any[random.nextInt(rows)] = Double.POSITIVE_INFINITY;
    any[random.nextInt(rows)] = Double.NEGATIVE_INFINITY;
  }

  double[] whole() {
    return whole.clone();
  }

  double[] any() {
    return any.clone();
  }

  /** A condition of comparisons nested so deep at most. */
  Condition condition(int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(5);
    if (kind < 2) {
      return comparison();
    }
    Condition left = condition(depth - 1);
    if (kind == 2) {
      return new Condition("not (" + left.text + ")", (p, m) -> !left.value.at(p, m));
    }
    Condition right = condition(depth - 1);
    String first = "(" + left.text + ")";
    String second = "(" + right.text + ")";
    return kind == 3
        ? new Condition(
            first + " and " + second, (p, m) -> left.value.at(p, m) && right.value.at(p, m))
        : new Condition(
            first + " or " + second, (p, m) -> left.value.at(p, m) || right.value.at(p, m));
  }

  private Condition comparison() {
    Quantity a = quantity(2);
    Quantity b = quantity(1);
    return switch (random.nextInt(6)) {
      case 0 -> compare(a, "<", b, (p, m) -> a.value.at(p, m) < b.value.at(p, m));
      case 1 -> compare(a, "<=", b, (p, m) -> a.value.at(p, m) <= b.value.at(p, m));
      case 2 -> compare(a, ">", b, (p, m) -> a.value.at(p, m) > b.value.at(p, m));
      case 3 -> compare(a, ">=", b, (p, m) -> a.value.at(p, m) >= b.value.at(p, m));
      case 4 -> compare(a, "!=", b, (p, m) -> a.value.at(p, m) != b.value.at(p, m));
      default -> compare(a, "==", b, (p, m) -> a.value.at(p, m) == b.value.at(p, m));
    };
  }

  private static Condition compare(Quantity a, String relation, Quantity b, Truth value) {
    return new Condition(a.text + " " + relation + " " + b.text, value);
  }

  private Quantity quantity(int depth) {
    int kind = depth == 0 ? random.nextInt(5) : random.nextInt(12);
    int number = 1 + random.nextInt(6);
    return switch (kind) {
      case 0, 1 -> new Quantity("m", (_, m) -> m);
      case 2 -> new Quantity("p", (p, _) -> p);
      case 3 -> new Quantity("" + number, (_, _) -> number);
      case 4 ->
          random.nextBoolean()
              ? new Quantity("J[p]", (p, _) -> whole[p])
              : new Quantity("G[p]", (p, _) -> any[p]);
      case 5 -> divided(quantity(depth - 1), number);
      case 6 -> remainder(quantity(depth - 1), number);
      case 7 -> product(quantity(depth - 1), number - 3);
      default -> combined(quantity(depth - 1), quantity(depth - 1));
    };
  }

  private static Quantity divided(Quantity a, int by) {
    return new Quantity(
        "(" + a.text + ")/" + by, (p, m) -> Math.floor(a.value.at(p, m) / (double) by));
  }

  private static Quantity remainder(Quantity a, int by) {
    return new Quantity(
        "(" + a.text + ")%" + by,
        (p, m) -> {
          double x = a.value.at(p, m);
          return x - by * Math.floor(x / (double) by);
        });
  }

  private static Quantity product(Quantity a, int by) {
    return new Quantity(
        "(0" + (by < 0 ? "" : "+") + by + ")*(" + a.text + ")", (p, m) -> by * a.value.at(p, m));
  }

  private Quantity combined(Quantity a, Quantity b) {
    return switch (random.nextInt(4)) {
      case 0 ->
          new Quantity(
              "(" + a.text + "+" + b.text + ")", (p, m) -> a.value.at(p, m) + b.value.at(p, m));
      case 1 ->
          new Quantity(
              "(" + a.text + "-(" + b.text + "))", (p, m) -> a.value.at(p, m) - b.value.at(p, m));
      case 2 ->
          new Quantity(
              "min(" + a.text + "," + b.text + ")",
              (p, m) -> Math.min(a.value.at(p, m), b.value.at(p, m)));
      default ->
          new Quantity(
              "max(" + a.text + "," + b.text + ")",
              (p, m) -> Math.max(a.value.at(p, m), b.value.at(p, m)));
    };
  }
}
