package dev.weir.mapper.random;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.ir.Cascade;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Random cascades without functions, so that whole inputs give exact results: chains of products,
 * sums, maxima and reductions, or a running state over a partitioned rank as in one-pass attention.
 */
final class RandomCascade {

  private static final List<String> RANKS = List.of("P", "M", "E", "F");

  private final Random random;
  private final List<String> inputs = new ArrayList<>();
  private final Map<String, Set<String>> produced = new LinkedHashMap<>();
  private final Set<String> unread = new TreeSet<>();
  private final List<String> einsums = new ArrayList<>();

  private RandomCascade(Random random) {
    this.random = random;
  }

  static Cascade of(Random random) {
    RandomCascade cascade = new RandomCascade(random);
    return random.nextInt(5) < 3 ? cascade.chain() : cascade.running();
  }

  private Cascade chain() {
    int length = Math.min(4, 1 + random.nextInt(6));
    for (int i = 0; i < length; i++) {
      link("T" + i, i == 0 ? "" : "T" + (i - 1));
    }
    CascadeBuilder builder = CascadeBuilder.cascade("chain").inputs(array(inputs));
    produced.forEach(
        (name, ranks) -> {
          String declaration = name + "[" + String.join(",", ranks) + "]";
          if (unread.contains(name)) {
            builder.outputs(declaration);
          } else {
            builder.tensors(0, declaration);
          }
        });
    einsums.forEach(builder::einsum);
    return builder.build();
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
    String reduction = random.nextInt(3) == 0 ? " :: max" : "";
    String condition = "";
    if (space.containsAll(Set.of("P", "M")) && random.nextInt(4) == 0) {
      condition = " | m <= p";
    }
    einsums.add(indexed(name, output) + " = " + combine(operands) + reduction + condition);
    produced.put(name, output);
    unread.add(name);
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
    Set<String> ranks = new TreeSet<>();
    if (!shared.isEmpty()) {
      ranks.add(new ArrayList<>(shared).get(random.nextInt(shared.size())));
    }
    int more = (shared.isEmpty() ? 1 : 0) + random.nextInt(2);
    for (int i = 0; i < more; i++) {
      ranks.add(RANKS.get(random.nextInt(RANKS.size())));
    }
    String name = "I" + inputs.size();
    inputs.add(name + "[" + String.join(",", ranks) + "]");
    space.addAll(ranks);
    return indexed(name, ranks);
  }

  private static String indexed(String tensor, Set<String> ranks) {
    return ranks.stream()
        .map(rank -> rank.substring(0, 1).toLowerCase(Locale.ROOT) + rank.substring(1))
        .collect(Collectors.joining(",", tensor + "[", "]"));
  }

  private static String[] array(List<String> texts) {
    return texts.toArray(String[]::new);
  }

  /** Scores, a local reduction, a running state, sometimes a corrected second state. */
  private Cascade running() {
    boolean corrected = random.nextBoolean();
    boolean withValues = random.nextBoolean();
    String mask = random.nextInt(4) == 0 ? " | m1*M0+m0 <= p" : "";
    CascadeBuilder builder =
        CascadeBuilder.cascade("running")
            .partition("M", "M1", "M0")
            .inputs("Q[P,E]", "K[M,E]")
            .tensors(0, "X[M1,M0,P]", "L[M1,P]")
            .iterative("M1", 0, "R[M1,P]");
    if (withValues) {
      builder.inputs("V[M,F]").tensors(0, "N[M1,P,F]").iterative("M1", 0, "S[M1,P,F]");
      builder.einsum("S[0,p,f] = 1");
    }
    if (corrected && withValues) {
      builder.tensors(0, "C[M1,P]");
    } else if (corrected) {
      builder.outputs("C[M1,P]");
    }
    builder.outputs(withValues ? "O[P,F]" : "O[P]").einsum("R[0,p] = -100");
    builder
        .einsum("X[m1,m0,p] = Q[p,e] * K[m1*M0+m0,e]" + mask)
        .einsum("L[m1,p] = X[m1,m0,p]" + (random.nextBoolean() ? " :: max" : ""))
        .einsum("R[m1+1,p] = max(R[m1,p], L[m1,p])");
    if (corrected) {
      builder.einsum("C[m1,p] = R[m1,p] + R[m1+1,p]");
    }
    if (withValues) {
      builder
          .einsum("N[m1,p,f] = X[m1,m0,p] * V[m1*M0+m0,f]")
          .einsum("S[m1+1,p,f] = S[m1,p,f] + N[m1,p,f]" + (corrected ? " + C[m1,p]" : ""))
          .einsum("O[p,f] = S[M1,p,f] * R[M1,p]");
    } else {
      builder.einsum("O[p] = R[M1,p]");
    }
    return builder.build();
  }
}
