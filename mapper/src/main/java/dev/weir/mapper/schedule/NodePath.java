package dev.weir.mapper.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * A place in a schedule tree: which child to take at every level, from the root. Equal subtrees at
 * different places have different paths.
 *
 * @param steps child numbers from 0
 */
public record NodePath(List<Integer> steps) {

  public static final NodePath ROOT = new NodePath(List.of());

  public NodePath {
    steps = List.copyOf(steps);
  }

  public NodePath child(int step) {
    List<Integer> longer = new ArrayList<>(steps);
    longer.add(step);
    return new NodePath(longer);
  }

  /** The way here: the root first, this place last. */
  public List<NodePath> toThis() {
    List<NodePath> way = new ArrayList<>();
    for (int length = 0; length <= steps.size(); length++) {
      way.add(new NodePath(steps.subList(0, length)));
    }
    return way;
  }
}
