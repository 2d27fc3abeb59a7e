package dev.weir.simulator.pe;

import java.util.ArrayList;
import java.util.List;

/** A part of the schedule that ends with all its transfers. */
final class Phase {

  private final List<Keep> keeps = new ArrayList<>();

  void add(Keep keep) {
    keeps.add(keep);
  }

  boolean isQuiet() {
    return keeps.stream().allMatch(Keep::isIdle);
  }

  void end() {
    keeps.forEach(Keep::reset);
  }
}
