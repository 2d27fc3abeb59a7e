package dev.weir.mapper.random;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Random chains of Einsums that use tensors, inputs and produced ones, through any index: computed,
 * fixed, affine, through tables and head maps, and through several at once; some points are there
 * only where a produced value is positive, and some Einsums populate coordinates.
 */
final class RandomIrregularCascade {

  private static final List<String> RANKS = List.of("P", "M", "E");

  private final Random random;
  private final List<String> inputs = new ArrayList<>();
  private final Map<String, List<String>> produced = new LinkedHashMap<>();
  private final Set<String> ranks = new TreeSet<>();
  private final Set<String> unread = new TreeSet<>();
  private final List<String> einsums = new ArrayList<>();

  private RandomIrregularCascade(Random random) {
    this.random = random;
  }

  static Cascade of(Random random) {
    String text = new RandomIrregularCascade(random).text();
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("random.edge", text), diagnostics)
        .orElseThrow(() -> new IllegalStateException(text + diagnostics.sorted()));
  }

  private String text() {
    int length = 2 + random.nextInt(3);
    for (int i = 0; i < length; i++) {
      link(i);
    }
    return """
    cascade irregular
      ranks %s
      inputs %s
      empty %s
      %s
      outputs %s
    """
        .formatted(
            String.join(", ", ranks),
            String.join(", ", inputs),
            produced.keySet().stream().map(name -> name + " = 0").collect(Collectors.joining(", ")),
            String.join("\n  ", einsums),
            String.join(", ", unread));
  }

  private void link(int number) {
    Set<String> space = new TreeSet<>();
    List<String> operands = new ArrayList<>();
    if (number > 0) {
      operands.add(older("T" + (number - 1), space));
    }
    if (number > 1 && random.nextInt(3) == 0) {
      operands.add(older("T" + random.nextInt(number - 1), space));
    }
    if (operands.isEmpty() || random.nextBoolean()) {
      operands.add(input(space));
    }
    String condition = number > 0 && random.nextInt(5) == 0 ? condition(number, space) : "";
    while (space.isEmpty()) {
      operands.add(input(space));
    }
    if (space.size() > 1 && random.nextInt(4) == 0) {
      populate("T" + number, new ArrayList<>(space), operands, condition);
      return;
    }
    List<String> kept = new ArrayList<>(space);
    while (kept.size() > 1 && random.nextInt(3) == 0) {
      kept.remove(random.nextInt(kept.size()));
    }
    String name = "T" + number;
    einsums.add(
        name
            + "["
            + kept.stream().map(RandomIrregularCascade::variable).collect(Collectors.joining(","))
            + "] = "
            + String.join(random.nextBoolean() ? " * " : " + ", operands)
            + condition);
    produced.put(name, kept);
    unread.add(name);
  }

  /** Coordinates of one of the ranks, in the order of the values, written to slots. */
  private void populate(String name, List<String> space, List<String> operands, String condition) {
    String from = space.remove(random.nextInt(space.size()));
    List<String> own = new ArrayList<>(space);
    String slots = name.replace('T', 'S');
    own.add(slots);
    ranks.add(slots);
    String action =
        switch (random.nextInt(3)) {
          case 0 -> "topk(%s, %s)";
          case 1 -> "argsort(%s, %s)";
          default -> "mass(%s, %s, 2)";
        };
    einsums.add(
        name
            + own.stream()
                .map(RandomIrregularCascade::variable)
                .collect(Collectors.joining(",", "[", "] = "))
            + String.join(" + ", operands)
            + " :: "
            + action.formatted(variable(from), variable(slots))
            + condition);
    produced.put(name, own);
    unread.add(name);
  }

  /** Points where an element that was produced before is positive. */
  private String condition(int number, Set<String> space) {
    return " | " + older("T" + random.nextInt(number), space) + " > 0";
  }

  private String older(String name, Set<String> space) {
    unread.remove(name);
    return access(name, produced.get(name), space);
  }

  /** An access of which every index but some are coordinates. */
  private String access(String name, List<String> own, Set<String> space) {
    List<String> indices = new ArrayList<>();
    for (String rank : own) {
      if (random.nextInt(3) > 0) {
        space.add(rank);
        indices.add(variable(rank));
      } else {
        indices.add(index(rank, space));
      }
    }
    return name + "[" + String.join(",", indices) + "]";
  }

  /** Any other index into a rank. */
  private String index(String own, Set<String> space) {
    String rank = any();
    String of = variable(rank);
    return switch (random.nextInt(8)) {
      case 0 -> String.valueOf(random.nextInt(2));
      case 1 -> over(rank, space, of + "/2");
      case 2 -> over(rank, space, of + "%2");
      case 3 -> over(rank, space, "min(" + of + "+1," + own + "-1)");
      case 4 -> over(rank, space, of + (random.nextBoolean() ? "-1" : "+1"));
      case 5 -> over(rank, space, "1*" + of);
      case 6 ->
          rank.equals(own)
              ? over(rank, space, "2*" + of)
              : over(rank, space, of + "*" + own + "/" + rank);
      default -> {
        String table = "I" + inputs.size();
        inputs.add(table + "[" + rank + "]");
        yield over(rank, space, table + "[" + of + "]");
      }
    };
  }

  private String over(String rank, Set<String> space, String index) {
    space.add(rank);
    ranks.add(rank);
    return index;
  }

  private String input(Set<String> space) {
    List<String> own = new ArrayList<>(new TreeSet<>(List.of(any(), any())));
    ranks.addAll(own);
    String name = "I" + inputs.size();
    inputs.add(name + "[" + String.join(",", own) + "]");
    String once = access(name, own, space);
    if (random.nextInt(4) > 0) {
      return once;
    }
    String again = access(name, own, space);
    return again.equals(once) ? once : "(" + once + " + " + again + ")";
  }

  private String any() {
    return RANKS.get(random.nextInt(RANKS.size()));
  }

  private static String variable(String rank) {
    return rank.toLowerCase(Locale.ROOT);
  }
}
