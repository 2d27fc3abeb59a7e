package dev.weir.simulator.pe;

import java.util.Arrays;
import java.util.List;

/**
 * Processing elements that a nest uses, and which neighbour each gets things from. Whatever starts
 * at an edge passes along one direction after another, from element to element.
 */
final class Grid {

  static final int NONE = -1;

  private final int[] widths;
  private final int[] strides;
  private final int[] hops;
  private final int[] positions;
  private final int size;

  /**
   * A grid.
   *
   * @param widths elements along each direction; not modified
   */
  Grid(List<Nest.Direction> directions, int[] widths) {
    this.widths = widths.clone();
    strides = new int[widths.length];
    hops = directions.stream().mapToInt(Nest.Direction::hopCycles).toArray();
    int elements = 1;
    for (int d = widths.length - 1; d >= 0; d--) {
      strides[d] = elements;
      elements = Math.multiplyExact(elements, widths[d]);
    }
    size = elements;
    positions = new int[size * widths.length];
    for (int element = 0; element < size; element++) {
      for (int d = 0; d < widths.length; d++) {
        positions[element * widths.length + d] = element / strides[d] % widths[d];
      }
    }
  }

  int size() {
    return size;
  }

  int directions() {
    return widths.length;
  }

  boolean hasWidths(int[] others) {
    return Arrays.equals(widths, others);
  }

  int position(int element, int direction) {
    return positions[element * widths.length + direction];
  }

  boolean isAtEnd(int element, int direction) {
    return position(element, direction) == widths[direction] - 1;
  }

  int neighbourBefore(int element, int direction) {
    return element - strides[direction];
  }

  int hop(int direction) {
    return hops[direction];
  }

  int longestHop() {
    return Arrays.stream(hops).max().orElse(0);
  }

  /** Cycles from the first element to the last. */
  int diameterCycles() {
    int cycles = 0;
    for (int d = 0; d < widths.length; d++) {
      cycles += (widths[d] - 1) * hops[d];
    }
    return cycles;
  }

  /** The direction in which an element gets what passes along some; {@link #NONE} at the edge. */
  int arrival(int element, List<Boolean> along) {
    for (int d = widths.length - 1; d >= 0; d--) {
      if (along.get(d) && position(element, d) > 0) {
        return d;
      }
    }
    return NONE;
  }

  /** The element at the edge where it starts. */
  int edge(int element, List<Boolean> along) {
    int edge = element;
    for (int d = 0; d < widths.length; d++) {
      if (along.get(d)) {
        edge -= position(element, d) * strides[d];
      }
    }
    return edge;
  }

  /** The element at the far edge, where it ends. */
  int end(int element, List<Boolean> along) {
    int end = element;
    for (int d = 0; d < widths.length; d++) {
      if (along.get(d)) {
        end += (widths[d] - 1 - position(element, d)) * strides[d];
      }
    }
    return end;
  }
}
