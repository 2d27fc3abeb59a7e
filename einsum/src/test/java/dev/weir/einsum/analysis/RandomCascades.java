package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Small cascades over M (whole, or split into M1 and M0), P and F; the same seed, the same one. */
public final class RandomCascades {

  private static final List<String> CONDITIONS =
      List.of("m <= p", "m < N[p]", "m < p+2 and m != 1", "m % 2 == p % 2");

  private final Random random;
  private final boolean split;
  private final boolean conditional;
  private final CascadeBuilder builder;
  private final List<String> readable =
      new ArrayList<>(List.of("A[M,P]", "B[M]", "C[P]", "D[M,F]"));
  private int count;

  private RandomCascades(long seed, boolean conditional) {
    this.random = new Random(seed);
    this.split = random.nextBoolean();
    this.conditional = conditional;
    this.builder =
        CascadeBuilder.cascade("random " + seed)
            .inputs("A[M,P]", "B[M]", "C[P]", "D[M,F]")
            .table("N[P]")
            .scalar("c", "4 ^ -0.5");
    if (split) {
      builder.partition("M", "M1", "M0");
    }
  }

  /** A cascade of plain reads. */
  public static Cascade plain(long seed) {
    return new RandomCascades(seed, false).build();
  }

  /** A cascade with conditions, selections and merge operators too. */
  public static Cascade conditional(long seed) {
    return new RandomCascades(seed, true).build();
  }

  private Cascade build() {
    int einsums = 3 + random.nextInt(5);
    for (int i = 0; i < einsums; i++) {
      if (random.nextInt(4) == 0) {
        addRecurrence();
      } else {
        addEinsum();
      }
    }
    return builder.build();
  }

  private void addEinsum() {
    String first = pick();
    String second = random.nextInt(6) == 0 ? first : pick();
    List<String> ranks = new ArrayList<>(ranks(first));
    ranks(second).stream().filter(rank -> !ranks.contains(rank)).forEach(ranks::add);
    List<String> kept = ranks.stream().filter(_ -> random.nextInt(3) > 0).toList();
    String name = "T" + count++;
    String declaration = name + "[" + String.join(",", kept) + "]";
    boolean max = random.nextInt(3) == 0;
    builder.tensors(max && random.nextBoolean() ? Double.NEGATIVE_INFINITY : 0, declaration);
    String reduction = max ? " :: max" : random.nextInt(8) == 0 ? " :: *" : "";
    builder.einsum(
        name + variables(kept) + " = " + value(first, second) + reduction + condition(ranks));
    readable.add(declaration);
  }

  /** The iterative tensor runs over the outer part of the split rank, or over the whole rank. */
  private void addRecurrence() {
    String step = split ? "M1" : "M";
    List<String> sources = readable.stream().filter(t -> ranks(t).contains(step)).toList();
    if (sources.isEmpty()) {
      return;
    }
    String source = sources.get(random.nextInt(sources.size()));
    List<String> kept =
        ranks(source).stream().filter(r -> r.equals(step) || random.nextBoolean()).toList();
    String name = "R" + count++;
    String declaration = name + "[" + String.join(",", kept) + "]";
    String current = name + variables(kept);
    String next = current.replaceAll("\\b" + variable(step) + "\\b", variable(step) + "+1");
    String first = current.replaceAll("\\b" + variable(step) + "\\b", "0");
    builder.tensors(0, "S" + declaration).iterative(step, 0, declaration);
    builder.einsum(first + " = " + (random.nextBoolean() ? "0" : "1.5"));
    builder.einsum("S" + current + " = " + read(source));
    builder.einsum(
        next
            + " = "
            + (random.nextBoolean() ? "max(%s, S%s)" : "0.5 * %s + S%s")
                .formatted(current, current));
    readable.add("S" + declaration);
    readable.add(random.nextBoolean() ? current : next);
    readable.add(current.replaceAll("\\b" + variable(step) + "\\b", step));
  }

  private String value(String first, String second) {
    String left = read(first);
    String right = read(second);
    int shape = random.nextInt(conditional ? 10 : 6);
    return switch (shape) {
      case 0 -> left + " + " + right;
      case 1 -> "exp(" + left + " - " + right + ")";
      case 2 -> "max(" + left + ", " + right + ")";
      case 3, 4 -> left + " * " + right;
      case 5 -> "c * " + left + " * " + right;
      case 6 -> left + " / " + right;
      case 7 -> "sigmoid(" + left + ") - tanh(" + right + ")";
      case 8 ->
          "where(1 < N["
              + (left.contains("p") ? "p" : "0")
              + "], "
              + left
              + ", 0.25 * "
              + right
              + ")";
      default -> "exp(" + left + ") * " + right + " + 0.5";
    };
  }

  private String condition(List<String> ranks) {
    boolean both = ranks.contains("P") && (ranks.contains("M") || ranks.contains("M1"));
    if (!conditional || !both || random.nextInt(3) > 0) {
      return "";
    }
    String condition = CONDITIONS.get(random.nextInt(CONDITIONS.size()));
    if (ranks.contains("M0") && ranks.contains("M1")) {
      condition = condition.replaceAll("\\bm\\b", "m1*M0+m0");
    } else if (!ranks.contains("M")) {
      condition = condition.replaceAll("\\bm\\b", "m1");
    }
    return " | " + condition;
  }

  private String pick() {
    // Later ones more often, so that chains grow.
    int at = readable.size() - 1 - (int) (readable.size() * Math.pow(random.nextDouble(), 1.5));
    return readable.get(Math.max(at, 0));
  }

  /** Ranks of the iteration space that a read brings in. */
  private List<String> ranks(String tensor) {
    List<String> ranks = new ArrayList<>();
    for (String index : tensor.replaceAll(".*\\[|\\]", "").split(",", -1)) {
      boolean isDeclared = !index.isEmpty() && isDeclaration(tensor);
      if (isDeclared && split && index.equals("M")) {
        ranks.addAll(List.of("M1", "M0"));
      } else if (isDeclared) {
        ranks.add(index);
      } else if (!index.isEmpty() && Character.isLowerCase(index.charAt(0))) {
        ranks.add(index.replace("+1", "").toUpperCase(Locale.ROOT));
      }
    }
    return ranks;
  }

  /** What is readable is written as a declaration, or as an access to an iterative tensor. */
  private static boolean isDeclaration(String tensor) {
    return tensor.startsWith("S") || !tensor.startsWith("R");
  }

  private String read(String tensor) {
    if (!isDeclaration(tensor)) {
      return tensor;
    }
    String name = tensor.replaceAll("\\[.*", "");
    List<String> indices = new ArrayList<>();
    for (String rank : tensor.replaceAll(".*\\[|\\]", "").split(",", -1)) {
      indices.add(rank.equals("M") && split ? "m1*M0+m0" : rank.isEmpty() ? "" : variable(rank));
    }
    return name + "[" + String.join(",", indices) + "]";
  }

  private static String variables(List<String> ranks) {
    return "[" + String.join(",", ranks.stream().map(RandomCascades::variable).toList()) + "]";
  }

  private static String variable(String rank) {
    return rank.toLowerCase(Locale.ROOT);
  }
}
