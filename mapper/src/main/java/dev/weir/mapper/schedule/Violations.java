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
    found.add(new Violation(reason, site.path(), message, Optional.empty()));
  }

  void add(Violation.Reason reason, Site site, String message, String fix) {
    found.add(new Violation(reason, site.path(), message, Optional.of(fix)));
  }

  void add(Violation.Reason reason, Site site, String message, Optional<String> fix) {
    found.add(new Violation(reason, site.path(), message, fix));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Violation> all() {
    return new ArrayList<>(found);
  }
}
