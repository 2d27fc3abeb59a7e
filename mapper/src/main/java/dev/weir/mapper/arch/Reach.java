package dev.weir.mapper.arch;

import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Section;
import java.util.List;

/**
 * Whether wires lead from a unit to the memories that it names: an instance of a memory is found
 * along the unit's own axes, or along an axis that one of them is linked to.
 *
 * @param axes axes of all units
 * @param levels memories
 * @param links connections between units
 */
record Reach(AxisTable axes, List<MemoryLevel> levels, List<Architecture.Link> links) {

  void check(List<Section> units) {
    for (Section unit : units) {
      for (String key : List.of("reads", "writes")) {
        List<Field> items = unit.optional(key).flatMap(Field::items).orElse(List.of());
        Names.peek(unit).ifPresent(name -> items.forEach(item -> check(item, name)));
      }
    }
  }

  private void check(Field item, String unit) {
    levels.stream()
        .filter(level -> level.name().text().equals(item.got()))
        .findFirst()
        .ifPresent(level -> check(item, unit, level));
  }

  private void check(Field item, String unit, MemoryLevel level) {
    List<String> own = axes.namesOf(unit);
    for (AxisName wanted : level.instanceAxes()) {
      if (own.stream().noneMatch(name -> leadsTo(name, wanted))) {
        item.error(
            "unit %s cannot reach %s, as nothing leads to %s (got %s, expected %3$s or a link to it)"
                .formatted(
                    unit,
                    level.name(),
                    wanted,
                    own.isEmpty() ? "no axes" : String.join(", ", own)));
        return;
      }
    }
  }

  private boolean leadsTo(String own, AxisName wanted) {
    return own.equals(wanted.text())
        || links.contains(new Architecture.Link(new AxisName(own), wanted));
  }
}
