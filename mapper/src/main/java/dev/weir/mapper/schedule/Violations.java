package dev.weir.mapper.schedule;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects what is wrong with a schedule. */
final class Violations {

  private final Set<Violation> found = new LinkedHashSet<>();

  void add(Violation.Reason reason, Site site, String message) {
    add(reason, site, new Violation.Subject.Head(), message, Optional.empty());
  }

  void add(Violation.Reason reason, Site site, String message, String fix) {
    add(reason, site, new Violation.Subject.Head(), message, Optional.of(fix));
  }

  /** About one word of the node's head: the first that reads so. */
  void addAt(Violation.Reason reason, Site site, Object word, String message, String fix) {
    add(
        reason,
        site,
        new Violation.Subject.Word(word.toString(), false),
        message,
        Optional.of(fix));
  }

  void add(
      Violation.Reason reason,
      Site site,
      Violation.Subject subject,
      String message,
      Optional<String> fix) {
    found.add(new Violation(reason, site.path(), subject, message, fix));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Violation> all() {
    return new ArrayList<>(found);
  }
}
