package dev.weir.mapper.arch;

import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code links}: connections between the axes of two units. */
final class LinkReader {

  private static final List<String> KEYS = List.of("from", "to", "source");

  private final AxisTable axes;
  private final ArchitectureReader.Sources sources;

  LinkReader(AxisTable axes, ArchitectureReader.Sources sources) {
    this.axes = axes;
    this.sources = sources;
  }

  List<Architecture.Link> read(Section architecture) {
    List<Architecture.Link> links = new ArrayList<>();
    Optional<List<Field>> items = architecture.optional("links").flatMap(Field::items);
    for (Field item : items.orElse(List.of())) {
      item.section().flatMap(this::link).ifPresent(links::add);
    }
    return links;
  }

  private Optional<Architecture.Link> link(Section section) {
    section.allowOnly(KEYS);
    sources.add(section);
    Optional<AxisName> from = section.required("from").flatMap(axes::reference);
    Optional<AxisName> to = section.required("to").flatMap(axes::reference);
    Optional<Axis> source = from.flatMap(axes::axis);
    Optional<Axis> target = to.flatMap(axes::axis);
    if (source.isPresent() && target.isPresent() && source.get().width() > target.get().width()) {
      section.error(
          section.mapping().span(),
          "link from a wider axis to a narrower one (got %s of %d, expected at most the %d of %s)"
              .formatted(
                  source.get().name(),
                  source.get().width(),
                  target.get().width(),
                  target.get().name()));
    }
    return from.flatMap(f -> to.map(t -> new Architecture.Link(f, t)));
  }
}
