package dev.weir.einsum.eval;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Texts of cascades that use what the language has: all operators, merge operators and kinds of
 * indices, selections, functions, conditions, split ranks; the same seed, the same one.
 */
final class RandomIrregularCascades {

  private static final List<String> RANKS = List.of("M", "P", "E", "H");
  private static final String COORDINATE = "m1*M0+m0";

  private static final List<String> READS =
      List.of(
          "A[m,p]",
          "B[p,m]",
          "C[e,m]",
          "D[p]",
          "A[2*m-3,p]",
          "A[m-p,p]",
          "A[4-m,p]",
          "A[m,1*m]",
          "B[1*m,m+e-1]",
          "B[3,m]",
          "A[max(m-2,0),p]",
          "B[p,m/2]",
          "A[J[p],p]",
          "B[p,K[m]]",
          "C[e,m%3+p]",
          "G[h*Hk/H,m]",
          "G[0,m]",
          "F[h,p]",
          "F[h,p+h-2]",
          "s");

  private static final List<String> CONDITIONS =
      List.of(
          "m <= p",
          "p-m < 3 and m <= p",
          "m < J[p]",
          "p < K[m] and p > 1",
          "m % 2 == p % 2",
          "not (m > p) or e == 1",
          "m/3 == p/3",
          "A[m,p] > 0.25",
          "m != 2",
          "m == p+1",
          "2*m-p >= 1.5",
          "m == J[p]",
          "h*Hk/H == 0 and m > 1",
          "M - m > 3");

  private static final List<String> MERGES =
      List.of("", "", "{intersection}", "{union}", "{left}", "{right}", "{all}");

  private static final List<String> FUNCTIONS =
      List.of("exp", "log", "sqrt", "sigmoid", "tanh", "relu", "abs", "-", "leaky", "silu");

  private final Random random;
  private final List<String> readable = new ArrayList<>();
  private final StringBuilder empties = new StringBuilder();
  private final StringBuilder einsums = new StringBuilder();

  private RandomIrregularCascades(Random random) {
    this.random = random;
  }

  /** The first text of a seed that is no mistake of constants alone, such as {@code log(-0.5)}. */
  static Cascade of(long seed) {
    Random random = new Random(seed);
    while (true) {
      String text = new RandomIrregularCascades(random).text();
      Diagnostics diagnostics = new Diagnostics();
      Optional<Cascade> cascade =
          CascadeReader.read(new SourceFile("seed " + seed, text), diagnostics);
      if (cascade.isPresent()) {
        return cascade.get();
      }
      boolean isOfConstants =
          diagnostics
              .render()
              .lines()
              .filter(line -> line.contains(": error: "))
              .allMatch(
                  line ->
                      line.contains("which has no value") || line.contains("error: division by 0"));
      if (!isOfConstants) {
        throw new AssertionError(text + diagnostics.render());
      }
    }
  }

  private String text() {
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      addEinsum("T" + i);
    }
    return """
    cascade random
      ranks     M, P, E, H, Hk
      partition M = M1 * M0
      inputs    A[M,P], B[P,M], C[E,M], D[P], F[H,P], G[Hk,M], J[P], K[M], s
      scalar    c = 0 - E^-0.5
      function  leaky(x) = max(x, 0.2*x)
      function  silu(x) = x * sigmoid(x)
      empty     A = -inf, C = 1%s

    %s  outputs   T%d
    """
        .formatted(empties, einsums, count - 1);
  }

  private void addEinsum(String name) {
    String value = value(3);
    String condition =
        random.nextInt(3) == 0 ? CONDITIONS.get(random.nextInt(CONDITIONS.size())) : "";
    List<String> space = new ArrayList<>(RANKS);
    space.removeIf(rank -> !mentions(value, rank) && !mentions(condition, rank));
    List<String> kept = new ArrayList<>(space);
    kept.removeIf(_ -> random.nextInt(3) == 0);
    // In any order, so that the elements of the output are neighbours along any rank.
    Collections.shuffle(kept, random);
    String output = name + "[" + variables(kept) + "]";
    List<String> reduced = new ArrayList<>(space);
    reduced.removeAll(kept);
    String reduction = reduction(variables(reduced));
    String suffix = condition.isEmpty() ? "" : " | " + condition;
    einsums.append("  ");
    if (random.nextInt(3) == 0) {
      String ofParts = reduction.replaceAll("\\bm\\b", "m1,m0");
      einsums.append(inParts(output)).append(" = ").append(inParts(value)).append(ofParts);
      einsums.append(inParts(suffix)).append('\n');
    } else {
      einsums.append(output).append(" = ").append(value).append(reduction);
      einsums.append(suffix).append('\n');
    }
    if (random.nextInt(3) == 0) {
      empties.append(", ").append(name).append(random.nextBoolean() ? " = -inf" : " = 0.5");
    }
    readable.add(output);
  }

  private static String variables(List<String> ranks) {
    return String.join(",", ranks.stream().map(RandomIrregularCascades::variable).toList());
  }

  private String reduction(String variables) {
    return variables.isEmpty()
        ? ""
        : switch (random.nextInt(5)) {
          case 0 -> " :: max(" + variables + ")";
          case 1 -> " :: min(" + variables + ")";
          case 2 -> " :: product(" + variables + ")";
          default -> "";
        };
  }

  /** The coordinate of M put together from those of its parts. */
  private static String inParts(String text) {
    return text.replaceAll("(?<=[\\[,])m(?=[\\],])", COORDINATE)
        .replaceAll("\\bm\\b", "(" + COORDINATE + ")");
  }

  private String value(int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      return leaf();
    }
    String merge = MERGES.get(random.nextInt(MERGES.size()));
    String left = value(depth - 1);
    String right = value(depth - 1);
    return switch (random.nextInt(11)) {
      case 0 -> "(" + left + " +" + merge + " " + right + ")";
      case 1 -> "(" + left + " -" + merge + " " + right + ")";
      case 2, 3 -> "(" + left + " *" + merge + " " + right + ")";
      case 4 -> "(" + left + " /" + merge + " " + right + ")";
      case 5 -> "max" + merge + "(" + left + ", " + right + ")";
      case 6 -> "min" + merge + "(" + left + ", " + right + ")";
      case 7 -> "exp(" + left + " -" + merge + " " + right + ")";
      case 8 -> "(" + left + ")^" + merge + "(" + right + ")";
      case 9 ->
          "where(%s, %s, %s)"
              .formatted(CONDITIONS.get(random.nextInt(CONDITIONS.size())), left, right);
      default -> FUNCTIONS.get(random.nextInt(FUNCTIONS.size())) + "(" + left + ")";
    };
  }

  private String leaf() {
    return switch (random.nextInt(9)) {
      case 0 -> List.of("2", "-0.5", "inf", "M", "c", "0").get(random.nextInt(6));
      case 1 ->
          List.of("m", "position(p-m)", "position(p/2)", "position(K[m])").get(random.nextInt(4));
      case 2, 3, 4 -> readable.isEmpty() ? "A[m,p]" : readable.get(random.nextInt(readable.size()));
      default -> READS.get(random.nextInt(READS.size()));
    };
  }

  private static boolean mentions(String text, String rank) {
    return text.matches("(?s).*\\b" + variable(rank) + "\\b.*");
  }

  private static String variable(String rank) {
    return rank.toLowerCase(Locale.ROOT);
  }
}
