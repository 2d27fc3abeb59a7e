package dev.weir.simulator.pe;

import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.List;

/** A part of the schedule that ends with all its transfers. */
final class Phase {

  private final Node root;
  private final List<Keep> keeps = new ArrayList<>();

  /** Of all below a node. */
  Phase(Node root) {
    this.root = root;
  }

  Node root() {
    return root;
  }

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
