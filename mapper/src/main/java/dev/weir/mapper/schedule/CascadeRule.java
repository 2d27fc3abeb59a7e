package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The schedule is for this cascade, or for a sibling of it: one with another name and the same
 * Einsums, such as the masked form. Of another cascade nothing else is worth saying.
 */
final class CascadeRule {

  /** Parts of names this short tell siblings apart, as in {@code flash_a} and {@code flash_b}. */
  private static final int SHORTEST_MISSPELT = 3;

  private CascadeRule() {}

  static void check(
      Cascade cascade, Schedule schedule, CascadeFacts facts, Site root, Violations violations) {
    String named = schedule.cascade();
    String given = cascade.name();
    if (named.equals(given)) {
      return;
    }
    Set<TensorName> computed = computed(root);
    Set<TensorName> produced =
        facts.placed().stream()
            .map(einsum -> einsum.output().tensor())
            .collect(Collectors.toCollection(TreeSet::new));
    if (!computed.equals(produced)) {
      violations.add(
          Violation.Reason.WRONG_CASCADE,
          root,
          new Violation.Subject.CascadeName(),
          "this schedule is for %s (got cascade %s, %s)"
              .formatted(named, given, difference(computed, produced)),
          Optional.of("use the cascade " + named + ", or a schedule for " + given));
    } else if (isMisspelt(named, given)) {
      violations.add(
          Violation.Reason.WRONG_CASCADE,
          root,
          new Violation.Subject.CascadeName(),
          "this schedule is for %s (got cascade %s, which has the same Einsums)"
              .formatted(named, given),
          Optional.of("write " + given));
    }
  }

  private static Set<TensorName> computed(Site root) {
    Set<TensorName> computed = new TreeSet<>();
    for (Site site : root.all()) {
      if (site.node() instanceof Node.Compute compute) {
        computed.add(compute.einsum());
      }
    }
    return computed;
  }

  private static String difference(Set<TensorName> computed, Set<TensorName> produced) {
    List<String> parts = new ArrayList<>();
    Set<TensorName> missing = without(computed, produced);
    if (!missing.isEmpty()) {
      parts.add("which has no Einsum " + join(missing));
    }
    Set<TensorName> more = without(produced, computed);
    if (!more.isEmpty()) {
      parts.add("of which the schedule does not compute " + join(more));
    }
    return String.join(", ", parts);
  }

  private static Set<TensorName> without(Set<TensorName> all, Set<TensorName> removed) {
    Set<TensorName> rest = new TreeSet<>(all);
    rest.removeAll(removed);
    return rest;
  }

  private static String join(Set<TensorName> names) {
    return names.stream().map(TensorName::text).collect(Collectors.joining(", "));
  }

  /**
   * Whether one name is the other with a typo. Names that differ in a number, or in a part of one
   * or two letters, are those of siblings.
   */
  private static boolean isMisspelt(String named, String given) {
    if (Spelling.nearest(named, List.of(given)).isEmpty() || !digits(named).equals(digits(given))) {
      return false;
    }
    List<String> namedParts = List.of(named.split("_", -1));
    List<String> givenParts = List.of(given.split("_", -1));
    if (namedParts.size() != givenParts.size()) {
      return named.replace("_", "").equals(given.replace("_", ""));
    }
    for (int part = 0; part < namedParts.size(); part++) {
      String one = namedParts.get(part);
      String other = givenParts.get(part);
      if (!one.equals(other) && Math.min(one.length(), other.length()) < SHORTEST_MISSPELT) {
        return false;
      }
    }
    return true;
  }

  private static String digits(String name) {
    return name.replaceAll("[^0-9]", "");
  }
}
