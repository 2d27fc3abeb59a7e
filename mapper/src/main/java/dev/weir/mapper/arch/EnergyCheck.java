package dev.weir.mapper.arch;

import dev.weir.einsum.source.Span;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Energy stands everywhere or nowhere: a part that was forgotten would count as 0 pJ and make every
 * total too small without a sign of it.
 */
final class EnergyCheck {

  private EnergyCheck() {}

  private record Part(Section section, boolean hasEnergy) {}

  static void check(List<Section> memories, List<Section> units, Tables tables) {
    if (tables.isNamed() && tables.technology().isEmpty()) {
      return;
    }
    List<Part> parts = new ArrayList<>();
    memories.forEach(m -> parts.add(new Part(m, tables.givesMemoryEnergy(m))));
    for (Section unit : units) {
      for (String table : List.of("operations", "variants")) {
        Optional<Field> operations = unit.optional(table).filter(Field::isMapping);
        operations.flatMap(Field::section).map(Section::fields).orElse(List.of()).stream()
            .filter(Field::isMapping)
            .map(field -> operation(field, tables))
            .forEach(parts::add);
      }
    }
    Optional<Part> with = parts.stream().filter(Part::hasEnergy).findFirst();
    if (with.isEmpty()) {
      return;
    }
    for (Part part : parts) {
      if (!part.hasEnergy) {
        Span place = part.section.mapping().span();
        part.section.error(
            place,
            "missing key energy in %s (got none, expected energy everywhere, as in %s, or nowhere)"
                .formatted(part.section.path(), with.get().section.path()));
      }
    }
  }

  private static Part operation(Field field, Tables tables) {
    Section section = field.section().orElseThrow();
    return new Part(section, tables.givesOperationEnergy(section, field.key()));
  }
}
