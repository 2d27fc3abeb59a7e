package dev.weir.mapper.arch;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A machine: memory levels from off-chip memory inwards, and compute units.
 *
 * @param name its name
 * @param description one line
 * @param clockHertz cycles per second
 * @param wordBits bits of a word; all words are alike
 * @param levels the top level first; inputs and outputs live there
 * @param units compute units
 * @param links position i along the first axis reaches the instances at position i along the second
 * @param sources where its numbers come from, by the place in the file they stand at
 */
public record Architecture(
    String name,
    String description,
    double clockHertz,
    int wordBits,
    List<MemoryLevel> levels,
    List<ComputeUnit> units,
    List<Link> links,
    Map<String, String> sources) {

  /** A connection between the axes of two units, position by position. */
  public record Link(AxisName from, AxisName to) {}

  public Architecture {
    levels = List.copyOf(levels);
    units = List.copyOf(units);
    links = List.copyOf(links);
    sources = Map.copyOf(sources);
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("architecture " + name + " has no memory level");
    }
  }

  /** Where inputs come from and outputs go to. */
  public MemoryLevel top() {
    return levels.getFirst();
  }

  public Optional<MemoryLevel> level(LevelName wanted) {
    return levels.stream().filter(level -> level.name().equals(wanted)).findFirst();
  }

  public Optional<ComputeUnit> unit(UnitName wanted) {
    return units.stream().filter(unit -> unit.name().equals(wanted)).findFirst();
  }

  public Optional<Axis> axis(AxisName wanted) {
    return units.stream().flatMap(unit -> unit.axis(wanted).stream()).findFirst();
  }

  /** How many instances of a level there are. */
  public double instances(MemoryLevel level) {
    return level.instanceAxes().stream()
        .mapToDouble(axis -> axis(axis).map(Axis::instances).orElse(1L))
        .reduce(1, (a, b) -> a * b);
  }

  /** Area by memories and units, as far as it is known. */
  public Area area() {
    return Area.of(this);
  }

  /** What the machine does for nothing, each with why it is taken to be so. */
  public List<Idealisation> idealisations() {
    return Idealisation.of(this);
  }

  /**
   * Where the numbers at a place come from: what stands there, or else around it; empty when
   * nothing is said.
   *
   * @param path such as {@code units.Array2D.axes.rows}
   */
  public String source(String path) {
    for (String place = path; !place.isEmpty(); ) {
      String said = sources.get(place);
      if (said != null) {
        return said;
      }
      place = place.substring(0, Math.max(0, place.lastIndexOf('.')));
    }
    return sources.getOrDefault("architecture", "");
  }

  /**
   * Whether a spatial loop on an axis selects instances of a level: the axis is one of the level's
   * own, or linked to one.
   */
  public boolean selectsInstance(AxisName axis, MemoryLevel level) {
    return level.instanceAxes().contains(axis)
        || links.stream()
            .anyMatch(link -> link.from().equals(axis) && level.instanceAxes().contains(link.to()));
  }
}
