package dev.weir.mapper.random;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Random cascades without functions, so that whole inputs give exact results: chains of products,
 * sums, maxima and reductions, or a running state over a partitioned rank as in one-pass attention.
 * They are written in the language and read by its reader.
 */
final class RandomCascade {

  private static final List<String> RANKS = List.of("P", "M", "E", "F");

  private final Random random;
  private final List<String> inputs = new ArrayList<>();
  private final Map<String, Set<String>> produced = new LinkedHashMap<>();
  private final Set<String> unread = new TreeSet<>();
  private final Set<String> mappedRanks = new TreeSet<>();
  private final List<String> einsums = new ArrayList<>();
  private final boolean conditional;

  private RandomCascade(Random random) {
    this.random = random;
    this.conditional = random.nextBoolean();
  }

  static Cascade of(Random random) {
    RandomCascade cascade = new RandomCascade(random);
    return checked(random.nextInt(5) < 3 ? cascade.chain() : cascade.running());
  }

  private static Cascade checked(String text) {
    Diagnostics diagnostics = new Diagnostics();
    SourceFile file = new SourceFile("random.edge", text);
    return CascadeReader.read(file, diagnostics)
        .orElseThrow(() -> new IllegalStateException(text + diagnostics.sorted()));
  }

  private String chain() {
    int length = Math.min(4, 1 + random.nextInt(6));
    for (int i = 0; i < length; i++) {
      link("T" + i, i == 0 ? "" : "T" + (i - 1));
    }
    return text("chain", "", inputs, produced.keySet(), einsums, unread);
  }

  /** One Einsum that reads the one before, sometimes an older one, and new inputs. */
  private void link(String name, String before) {
    List<String> operands = new ArrayList<>();
    Set<String> space = new TreeSet<>();
    if (before.isEmpty()) {
      operands.add(input(Set.of(), space));
    } else {
      operands.add(read(before, space));
    }
    if (random.nextInt(4) > 0) {
      List<String> older = new ArrayList<>(produced.keySet());
      boolean again = !older.isEmpty() && random.nextInt(3) == 0;
      operands.add(
          again ? read(older.get(random.nextInt(older.size())), space) : input(space, space));
    }
    List<String> kept = new ArrayList<>(space);
    Collections.shuffle(kept, random);
    Set<String> output = new TreeSet<>(kept.subList(0, 1 + random.nextInt(kept.size())));
    Set<String> reduced = new TreeSet<>(space);
    reduced.removeAll(output);
    String reduction = "";
    if (!reduced.isEmpty() && random.nextInt(3) == 0) {
      reduction = " :: max(" + variables(reduced) + ")";
    }
    einsums.add(indexed(name, output) + " = " + combine(operands) + reduction + condition(kept, 2));
    produced.put(name, output);
    unread.add(name);
  }

  /** Nothing, or a condition over two of these ranks. */
  private String condition(List<String> ranks, int oneIn) {
    if (!conditional || ranks.size() < 2 || random.nextInt(oneIn) > 0) {
      return "";
    }
    List<String> order = new ArrayList<>(ranks);
    if (random.nextInt(4) > 0) {
      Collections.sort(order, Collections.reverseOrder());
    }
    return condition(variable(order.get(0)), variable(order.get(1)));
  }

  private String condition(String row, String column) {
    return " | " + new RandomCondition(random, row, column).text();
  }

  private String combine(List<String> operands) {
    if (operands.size() == 1) {
      return operands.getFirst();
    }
    return switch (random.nextInt(4)) {
      case 0 -> operands.get(0) + " + " + operands.get(1);
      case 1 -> "max(" + operands.get(0) + ", " + operands.get(1) + ")";
      default -> operands.get(0) + " * " + operands.get(1);
    };
  }

  private String read(String tensor, Set<String> space) {
    unread.remove(tensor);
    space.addAll(produced.get(tensor));
    return indexed(tensor, produced.get(tensor));
  }

  private String input(Set<String> shared, Set<String> space) {
    if (random.nextInt(5) == 0) {
      return mapped(shared, space);
    }
    Set<String> ranks = new TreeSet<>();
    if (!shared.isEmpty()) {
      ranks.add(new ArrayList<>(shared).get(random.nextInt(shared.size())));
    }
    int more = shared.isEmpty() ? 1 + random.nextInt(3) : random.nextInt(2);
    for (int i = 0; i < more; i++) {
      ranks.add(RANKS.get(random.nextInt(RANKS.size())));
    }
    String name = "I" + inputs.size();
    inputs.add(name + "[" + String.join(",", ranks) + "]");
    space.addAll(ranks);
    return indexed(name, ranks);
  }

  /** An input that is read through affine indices or a head map, outside its shape too. */
  private String mapped(Set<String> shared, Set<String> space) {
    List<String> ranks = new ArrayList<>(RANKS);
    Collections.shuffle(ranks, random);
    if (!shared.isEmpty()) {
      String first = new ArrayList<>(shared).get(random.nextInt(shared.size()));
      ranks.remove(first);
      ranks.addFirst(first);
    }
    String name = "I" + inputs.size();
    String own = "Z" + inputs.size();
    RandomIndex index =
        new RandomIndex(random, variable(ranks.get(0)), variable(ranks.get(1)), ranks.get(0), own);
    String besides = random.nextInt(3) > 0 ? "" : ranks.get(random.nextInt(3));
    inputs.add(name + "[" + own + (besides.isEmpty() ? "" : "," + besides) + "]");
    List<String> indices = index.some();
    String all = String.join(" ", indices);
    for (String rank : ranks) {
      if (rank.equals(besides) || all.contains(variable(rank))) {
        space.add(rank);
        mappedRanks.add(rank);
      }
    }
    String last = besides.isEmpty() ? "" : "," + variable(besides);
    return indices.stream()
        .map(at -> name + "[" + at + last + "]")
        .collect(
            Collectors.joining(
                " + ", indices.size() > 1 ? "(" : "", indices.size() > 1 ? ")" : ""));
  }

  private static String indexed(String tensor, Set<String> ranks) {
    return tensor + "[" + variables(ranks) + "]";
  }

  private static String variables(Set<String> ranks) {
    return ranks.stream().map(RandomCascade::variable).collect(Collectors.joining(","));
  }

  private static String variable(String rank) {
    return rank.substring(0, 1).toLowerCase(Locale.ROOT) + rank.substring(1);
  }

  /** Scores, a local reduction, a running state, sometimes a corrected second state. */
  private String running() {
    boolean corrected = random.nextBoolean();
    boolean values = random.nextBoolean();
    List<String> tensors = new ArrayList<>(List.of("R", "X", "L"));
    einsums.add("R[0,p] = -100");
    if (values) {
      einsums.add("S[0,p,f] = 1");
    }
    String joined = "m1*M0+m0";
    einsums.add("X[m1,m0,p] = Q[p,e] * K[m1*M0+m0,e]" + running("p", joined, 2));
    String reduction = random.nextBoolean() ? " :: max(m0)" : "";
    einsums.add("L[m1,p] = X[m1,m0,p]" + reduction + running("p", joined, 3));
    einsums.add("R[m1+1,p] = max(R[m1,p], L[m1,p])");
    if (corrected) {
      tensors.add("C");
      einsums.add("C[m1,p] = R[m1,p] + R[m1+1,p]" + running("p", "m1", 3));
    }
    inputs.addAll(List.of("Q[P,E]", "K[M,E]"));
    Set<String> outputs = new LinkedHashSet<>();
    if (values) {
      inputs.add("V[M,F]");
      tensors.addAll(List.of("S", "N"));
      einsums.add("N[m1,p,f] = X[m1,m0,p] * V[m1*M0+m0,f]" + running("p", joined, 3));
      einsums.add("S[m1+1,p,f] = S[m1,p,f] + N[m1,p,f]" + (corrected ? " + C[m1,p]" : ""));
      einsums.add("O[p,f] = S[M1,p,f] * R[M1,p]" + running("p", "f", 4));
    } else {
      if (corrected) {
        outputs.add("C");
      }
      einsums.add("O[p] = R[M1,p]");
    }
    tensors.add("O");
    outputs.add("O");
    return text("running", "partition M = M1 * M0", inputs, tensors, einsums, outputs);
  }

  private String running(String row, String column, int oneIn) {
    return conditional && random.nextInt(oneIn) == 0 ? condition(row, column) : "";
  }

  /** The whole text. What was not written is 0, whatever the reduction. */
  private String text(
      String name,
      String partition,
      List<String> inputs,
      Iterable<String> produced,
      List<String> einsums,
      Set<String> outputs) {
    Set<String> ranks = new TreeSet<>(mappedRanks);
    inputs.forEach(input -> ranks.addAll(List.of(input.replaceAll(".*\\[|]", "").split(",", -1))));
    List<String> empties = new ArrayList<>();
    produced.forEach(tensor -> empties.add(tensor + " = 0"));
    return Stream.of(
            Stream.of("cascade " + name, "ranks " + String.join(", ", ranks), partition),
            Stream.of("inputs " + String.join(", ", inputs)),
            Stream.of("empty " + String.join(", ", empties)),
            einsums.stream(),
            Stream.of("outputs " + String.join(", ", outputs)))
        .flatMap(lines -> lines)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
