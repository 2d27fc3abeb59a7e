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

  static void check(List<Section> memories, List<Section> units) {
    List<Section> parts = new ArrayList<>(memories);
    for (Section unit : units) {
      Optional<Field> operations = unit.optional("operations").filter(Field::isMapping);
      operations.flatMap(Field::section).map(Section::fields).orElse(List.of()).stream()
          .filter(Field::isMapping)
          .flatMap(field -> field.section().stream())
          .forEach(parts::add);
    }
    Optional<Section> with = parts.stream().filter(part -> part.has("energy")).findFirst();
    if (with.isEmpty()) {
      return;
    }
    for (Section part : parts) {
      if (!part.has("energy")) {
        Span place = part.mapping().span();
        part.error(
            place,
            "missing key energy in %s (got none, expected energy everywhere, as in %s, or nowhere)"
                .formatted(part.path(), with.get().path()));
      }
    }
  }
}
