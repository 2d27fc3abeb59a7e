package dev.weir.einsum.analysis;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Random cascades over M (whole, or split into M1 and M0) and P with everything irregular that the
 * language has, as text that the checker accepts; the same seed, the same one.
 */
final class IrregularCascades {

  /** What a cascade may have in it. */
  enum Feature {
    TOPK,
    ARGSORT,
    MASS,
    SCATTER,
    VALUE_CONDITION,
    COORDINATE_CONDITION,
    GATHER,
    COMPUTED_INDEX,
    SHIFT,
    ITERATIVE,
    SPLIT
  }

  /**
   * A cascade and what is in it.
   *
   * @param text as the checker read it
   */
  record Drawn(Cascade cascade, String text, Set<Feature> features) {}

  /** Beyond the irregular kinds of Einsums. */
  private static final int ITERATIVE = 9;

  private final Random random;
  private final boolean split;

  /** Then nothing may reduce the rank along which something iterates. */
  private final boolean iterative;

  private final Set<Feature> features = EnumSet.noneOf(Feature.class);
  private final List<String> einsums = new ArrayList<>();

  /** Tensors that may be read, with their ranks: m of the whole rank, o of its outer part. */
  private final List<String> readable = new ArrayList<>(List.of("A mp", "B m", "C p"));

  private final Set<String> read = new HashSet<>();
  private final List<String> written = new ArrayList<>();
  private int count;

  private IrregularCascades(long seed) {
    // The first numbers of neighbouring seeds are alike.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.split = random.nextInt(4) == 0;
    this.iterative = random.nextInt(5) == 0;
    if (split) {
      features.add(Feature.SPLIT);
    }
  }

  static Drawn draw(long seed) {
    return new IrregularCascades(seed).draw();
  }

  private Drawn draw() {
    int wanted = 3 + random.nextInt(4);
    for (int i = 0; i < wanted; i++) {
      switch (iterative ? ITERATIVE : random.nextInt(10)) {
        case 0, 1 -> selection();
        case 2 -> scatter();
        case 3 -> gather();
        case 4, 5 -> moved();
        default -> {
          if (iterative && random.nextInt(3) == 0) {
            recurrence();
          } else {
            plain();
          }
        }
      }
    }
    String text = text();
    Diagnostics diagnostics = new Diagnostics();
    Cascade cascade =
        CascadeReader.read(new SourceFile("random", text), diagnostics)
            .orElseThrow(() -> new AssertionError(text + diagnostics.render()));
    return new Drawn(cascade, text, features);
  }

  private String text() {
    List<String> outputs = written.stream().filter(name -> !read.contains(name)).toList();
    return "cascade random\n  ranks M, P, T, N\n"
        + (split ? "  partition M = M1 * M0\n" : "")
        + "  inputs A[M,P], B[M], C[P], J[M], Src[M], Bnd[P]\n"
        + String.join("", einsums.stream().map(line -> "  " + line + "\n").toList())
        + "  outputs "
        + String.join(", ", outputs)
        + "\n";
  }

  private void plain() {
    String first = pick();
    String second = random.nextInt(6) == 0 ? first : pick();
    String ranks = union(ranks(first), ranks(second));
    String kept = kept(ranks);
    boolean max = !kept.equals(ranks) && random.nextInt(3) == 0;
    String operator = List.of("*", "+", "/", "*").get(random.nextInt(4));
    add(
        kept,
        access(first) + " " + operator + " " + access(second),
        max ? " :: max(" + reduced(ranks, kept) + ")" : "",
        condition(ranks));
  }

  private String condition(String ranks) {
    boolean both = ranks.contains("m") && ranks.contains("p");
    if (!both || random.nextInt(2) == 0) {
      return "";
    }
    if (random.nextInt(3) == 0) {
      features.add(Feature.COORDINATE_CONDITION);
      return " | " + m() + " <= 2*p or (" + m() + ")%2 == 0";
    }
    features.add(Feature.VALUE_CONDITION);
    String other = pick();
    return union(ranks, ranks(other)).equals(ranks)
        ? " | " + access(other) + " > 0.5"
        : " | " + m() + " < Bnd[p]";
  }

  /** Coordinates of the first values along M, then what stands there. */
  private void selection() {
    String source = pick();
    if (!ranks(source).contains("m") || split) {
      plain();
      return;
    }
    int which = random.nextInt(3);
    features.add(List.of(Feature.TOPK, Feature.ARGSORT, Feature.MASS).get(which));
    String action = List.of("topk(m, t)", "argsort(m, t)", "mass(m, t, 0.5)").get(which);
    String rest = ranks(source).replace("m", "");
    String name = "T" + count++;
    String indices = rest.isEmpty() ? "t" : rest + ",t";
    einsums.add("%s[%s] = %s :: %s".formatted(name, indices, access(source), action));
    written.add(name);
    read.add(name);
    String selected = "T" + count++;
    switch (random.nextInt(3)) {
      case 0 -> {
        String other = pick();
        String moved = access(other).replaceAll("\\bm\\b", "%s[%s]".formatted(name, indices));
        String all = union(rest, ranks(other).replace("m", ""));
        einsums.add(
            "%s[%s] = %s"
                .formatted(selected, comma(all + "t"), moved + " * " + name + "[" + indices + "]"));
        features.add(Feature.GATHER);
        written.add(selected);
        String folded = "T" + count++;
        einsums.add("%s%s = %s[%s]".formatted(folded, bracket(all), selected, comma(all + "t")));
        read.add(selected);
        written.add(folded);
        readable.add(folded + " " + all);
      }
      case 1 -> {
        einsums.add(
            "%s[%s] = t + 1 | m == %s[%s]"
                .formatted(selected, comma(union("m", rest)), name, indices));
        features.add(Feature.SCATTER);
        written.add(selected);
        readable.add(selected + " " + union("m", rest));
      }
      default -> {
        einsums.add("%s%s = %s[%s]".formatted(selected, bracket(rest), name, indices));
        written.add(selected);
        readable.add(selected + " " + rest);
      }
    }
  }

  /** Values go where a table says, and come back from there. */
  private void scatter() {
    String source = pick();
    if (!ranks(source).contains("m") || split) {
      plain();
      return;
    }
    features.add(Feature.SCATTER);
    String rest = ranks(source).replace("m", "");
    String name = "T" + count++;
    einsums.add("%s[%s] = %s | n == Src[m]".formatted(name, comma("n" + rest), access(source)));
    read.add(name);
    written.add(name);
    String back = "Src[m]" + (rest.isEmpty() ? "" : "," + comma(rest));
    if (random.nextBoolean()) {
      features.add(Feature.GATHER);
      add("m" + rest, "%s[%s]".formatted(name, back) + " * " + access(source), "", "");
    } else {
      add(rest, "%s[%s]".formatted(name, comma("n" + rest)), "", "");
    }
  }

  private void gather() {
    String source = pick();
    if (!ranks(source).contains("m")) {
      plain();
      return;
    }
    features.add(Feature.GATHER);
    String rest = ranks(source).replace("m", "");
    String moved = access(source).replace(m(), "J[" + m() + "]");
    String ranks = union("m", rest);
    String kept = random.nextBoolean() ? ranks : kept(ranks);
    add(kept, moved, "", "");
  }

  private void moved() {
    String source = pick();
    if (!ranks(source).contains("m") || split) {
      plain();
      return;
    }
    String index = List.of("max(m-1, 0)", "m/2", "min(m, 3)", "m-1", "m-2").get(random.nextInt(5));
    features.add(index.startsWith("m-") ? Feature.SHIFT : Feature.COMPUTED_INDEX);
    String moved = access(source).replaceAll("\\bm\\b", index);
    add(ranks(source), moved + " + " + access(source), "", "");
  }

  /** A running sum or maximum along M, or along its outer part. */
  private void recurrence() {
    String source = pick();
    if (!ranks(source).contains("m")) {
      plain();
      return;
    }
    features.add(Feature.ITERATIVE);
    String rest = kept(ranks(source).replace("m", "").replace("o", ""));
    String step = split ? "m1" : "m";
    String name = "T" + count++;
    String sum = "T" + count++;
    String tail = rest.isEmpty() ? "" : "," + comma(rest);
    einsums.add("%s[%s%s] = %s".formatted(sum, step, tail, access(source)));
    einsums.add("%s[0%s] = %d".formatted(name, tail, random.nextInt(2)));
    String now = "%s[%s%s]".formatted(name, step, tail);
    String part = "%s[%s%s]".formatted(sum, step, tail);
    einsums.add(
        "%s[%s+1%s] = %s"
            .formatted(
                name,
                step,
                tail,
                random.nextBoolean()
                    ? "0.5 * " + now + " + " + part
                    : "max(" + now + ", " + part + ")"));
    written.addAll(List.of(sum, name));
    read.addAll(List.of(sum, name));
    String last = "%s[%s%s]".formatted(name, step.toUpperCase(Locale.ROOT), tail);
    if (random.nextBoolean()) {
      readable.add(name + " " + (split ? "o" : "m") + rest);
    }
    add(rest, last + " * 1.5", "", "");
  }

  private void add(String kept, String value, String reduction, String condition) {
    String name = "T" + count++;
    einsums.add(name + bracket(kept) + " = " + value + reduction + condition);
    written.add(name);
    readable.add(name + " " + kept);
  }

  private String pick() {
    int at = readable.size() - 1 - (int) (readable.size() * Math.pow(random.nextDouble(), 1.5));
    return readable.get(Math.max(at, 0));
  }

  private static String ranks(String tensor) {
    return tensor.substring(tensor.indexOf(' ') + 1);
  }

  private String access(String tensor) {
    String name = tensor.substring(0, tensor.indexOf(' '));
    read.add(name);
    return name + bracket(ranks(tensor));
  }

  private String bracket(String ranks) {
    return ranks.isEmpty() ? "" : "[" + comma(ranks) + "]";
  }

  private String comma(String ranks) {
    return String.join(
        ",",
        ranks
            .chars()
            .mapToObj(c -> c == 'm' ? m() : c == 'o' ? "m1" : String.valueOf((char) c))
            .toList());
  }

  private String m() {
    return split ? "m1*M0+m0" : "m";
  }

  private String kept(String ranks) {
    StringBuilder kept = new StringBuilder();
    ranks
        .chars()
        .filter(c -> c != 'o' || ranks.indexOf('m') < 0)
        .filter(c -> (iterative && (c == 'm' || c == 'o')) || random.nextInt(3) > 0)
        .forEach(c -> kept.append((char) c));
    return kept.toString();
  }

  private String reduced(String ranks, String kept) {
    List<String> reduced = new ArrayList<>();
    for (int at = 0; at < ranks.length(); at++) {
      char rank = ranks.charAt(at);
      boolean isPart = rank == 'o' && ranks.indexOf('m') >= 0;
      if (kept.indexOf(rank) < 0 && !isPart) {
        reduced.add(rank == 'm' && split ? "m1, m0" : rank == 'o' ? "m1" : String.valueOf(rank));
      }
    }
    return String.join(", ", reduced);
  }

  private static String union(String first, String second) {
    StringBuilder union = new StringBuilder(first);
    second.chars().filter(c -> first.indexOf(c) < 0).forEach(c -> union.append((char) c));
    return union.toString();
  }
}
