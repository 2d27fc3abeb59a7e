package dev.weir.mapper.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The area of a machine by its parts. Wires, control and pads are in none of them.
 *
 * @param parts memories from the outermost inwards, then units
 */
public record Area(List<Part> parts) {

  /**
   * A memory or a unit.
   *
   * @param name its name
   * @param instances how many there are; an OpenCL index space has more than fit a {@code long}
   * @param squareMillimetresEach area of one; empty when it is not known
   */
  public record Part(String name, double instances, Optional<Double> squareMillimetresEach) {

    /** Area of all instances. */
    public Optional<Double> squareMillimetres() {
      return squareMillimetresEach.map(each -> each * instances);
    }
  }

  public Area {
    parts = List.copyOf(parts);
  }

  static Area of(Architecture architecture) {
    List<Part> parts = new ArrayList<>();
    for (MemoryLevel level : architecture.levels()) {
      parts.add(
          new Part(level.name().text(), architecture.instances(level), level.squareMillimetres()));
    }
    for (ComputeUnit unit : architecture.units()) {
      parts.add(new Part(unit.name().text(), unit.instances(), unit.squareMillimetres()));
    }
    return new Area(parts);
  }

  /** Sum of what is known, in square millimetres. */
  public double knownSquareMillimetres() {
    return parts.stream().mapToDouble(part -> part.squareMillimetres().orElse(0.0)).sum();
  }

  /** Names of parts whose area is not known; the sum is the whole area when there are none. */
  public List<String> unknownParts() {
    return parts.stream()
        .filter(part -> part.squareMillimetres().isEmpty())
        .map(Part::name)
        .toList();
  }
}
