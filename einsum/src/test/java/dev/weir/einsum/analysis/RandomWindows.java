package dev.weir.einsum.analysis;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random cascades over M, P and W of which many points are absent: indices that lead outside,
 * conditions, all merge operators. The same seed, the same one.
 */
final class RandomWindows {

  /** A cascade as the checker read it. */
  record Drawn(Cascade cascade, String text) {}

  private static final List<String> INPUTS = List.of("A mp", "B m", "C pw", "D p");

  private final Random random;
  private final List<String> readable = new ArrayList<>(INPUTS);
  private final List<String> einsums = new ArrayList<>();

  private RandomWindows(long seed) {
    // The first numbers of neighbouring seeds are alike.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  static Drawn draw(long seed) {
    return new RandomWindows(seed).draw();
  }

  /** A condition over m, p and w. */
  static String condition(long seed) {
    return new RandomWindows(seed).condition(2, List.of("m", "p", "w"));
  }

  private Drawn draw() {
    List<String> outputs = new ArrayList<>();
    int wanted = 2 + random.nextInt(4);
    for (int at = 0; at < wanted; at++) {
      outputs.add(add("T" + at));
    }
    String text =
        "cascade windows\n  ranks M, P, W\n  inputs A[M,P], B[M], C[P,W], D[P]\n"
            + String.join("", einsums)
            + "  outputs "
            + String.join(", ", outputs)
            + "\n";
    Diagnostics diagnostics = new Diagnostics();
    Cascade cascade =
        CascadeReader.read(new SourceFile("windows", text), diagnostics)
            .orElseThrow(() -> new AssertionError(text + diagnostics.render()));
    return new Drawn(cascade, text);
  }

  private String add(String name) {
    List<String> used = new ArrayList<>();
    String left = access(used);
    String right = access(used);
    String third = access(used);
    if (used.isEmpty()) {
      used.add("m");
      third = "B[m]";
    }
    String value =
        switch (random.nextInt(10)) {
          case 0 -> left + " + " + right;
          case 1 -> "exp(" + left + " - " + right + ")";
          case 2 -> left + " / " + right;
          case 3 -> left + " *{union} " + right;
          case 4 -> left + " -{left} " + right;
          case 5 -> "sigmoid(" + left + ") * " + right;
          case 6 -> "where(%s, %s, %s)".formatted(condition(1, used), left, right);
          case 7 -> left + " * " + right + " + " + third;
          default -> left + " * " + right + " * " + third;
        };
    StringBuilder kept = new StringBuilder();
    used.stream().distinct().filter(_ -> random.nextInt(3) > 0).forEach(kept::append);
    String condition = random.nextInt(3) == 0 ? " | " + condition(2, used) : "";
    einsums.add("  " + name + bracket(kept.toString()) + " = " + value + condition + "\n");
    readable.add(name + " " + kept);
    return name;
  }

  private static String bracket(String ranks) {
    List<String> indices = ranks.chars().mapToObj(rank -> String.valueOf((char) rank)).toList();
    return ranks.isEmpty() ? "" : "[" + String.join(",", indices) + "]";
  }

  private String access(List<String> used) {
    String tensor = readable.get(random.nextInt(readable.size()));
    String ranks = tensor.substring(tensor.indexOf(' ') + 1);
    List<String> indices = new ArrayList<>();
    for (int at = 0; at < ranks.length(); at++) {
      indices.add(index(ranks.substring(at, at + 1), used));
    }
    String name = tensor.substring(0, tensor.indexOf(' '));
    return indices.isEmpty() ? name : name + "[" + String.join(",", indices) + "]";
  }

  private String index(String own, List<String> used) {
    String other = List.of("m", "p", "w").get(random.nextInt(3));
    String index =
        switch (random.nextInt(12)) {
          case 0 -> own + "+" + other + "-2";
          case 1 -> "2*" + own + "-" + other;
          case 2 -> "3*" + other + "-1";
          case 3 -> other + "/2";
          case 4 -> "(" + own + "+" + other + ")%3";
          case 5 -> "max(" + own + "-1, 0)";
          case 6 -> "clamp(2*" + other + "-3, 0, 4)";
          case 7 -> own + "-1";
          case 8 -> "1";
          default -> own;
        };
    for (String variable : List.of("m", "p", "w")) {
      if (index.matches(".*\\b" + variable + "\\b.*")) {
        used.add(variable);
      }
    }
    return index;
  }

  private String condition(int depth, List<String> variables) {
    int shape = depth == 0 ? 0 : random.nextInt(5);
    return switch (shape) {
      case 0, 1 -> quantity(1, variables) + " " + comparison() + " " + quantity(1, variables);
      case 2 -> "not (" + condition(depth - 1, variables) + ")";
      default ->
          "("
              + condition(depth - 1, variables)
              + (shape == 3 ? " and " : " or ")
              + condition(depth - 1, variables)
              + ")";
    };
  }

  private String comparison() {
    return List.of("<", "<=", ">", ">=", "==", "!=").get(random.nextInt(6));
  }

  private String quantity(int depth, List<String> variables) {
    String variable = variables.get(random.nextInt(variables.size()));
    if (depth == 0) {
      return random.nextInt(4) == 0 ? String.valueOf(random.nextInt(6)) : variable;
    }
    String one = quantity(depth - 1, variables);
    String other = quantity(depth - 1, variables);
    int number = 1 + random.nextInt(4);
    return switch (random.nextInt(12)) {
      case 0 -> "%s/%d".formatted(one, number);
      case 1 -> "(%s + %s)/%d".formatted(one, other, number);
      case 2 -> "(%s - %s)%%%d".formatted(one, other, number);
      case 3 -> "%d*%s - %s".formatted(number, one, other);
      case 4 -> "%s + %s - %d".formatted(one, other, number);
      case 5 -> "min(%s, %s + 1)".formatted(one, other);
      case 6 -> "max(%s - %d, %s)".formatted(one, number, other);
      case 7 -> "%s*%s".formatted(one, other);
      case 8 -> "(%s*%d)%%%d".formatted(variable, number, 2 + random.nextInt(4));
      default -> variable;
    };
  }
}
