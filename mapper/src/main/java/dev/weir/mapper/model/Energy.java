package dev.weir.mapper.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Energy of a run by what consumes it.
 *
 * @param picojoules by component and action; leakage is not part of it
 */
public record Energy(SortedMap<Use, Double> picojoules) {

  /**
   * One kind of action of one component.
   *
   * @param component a memory level or a compute unit
   * @param action {@code read} or {@code write} of a word, or an operation by the name that
   *     architecture files give it
   */
  public record Use(String component, String action) implements Comparable<Use> {
    @Override
    public int compareTo(Use other) {
      int byComponent = component.compareTo(other.component);
      return byComponent != 0 ? byComponent : action.compareTo(other.action);
    }
  }

  public Energy {
    picojoules = Collections.unmodifiableSortedMap(new TreeMap<>(picojoules));
  }

  /** All of it. */
  public double totalPicojoules() {
    return picojoules.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
