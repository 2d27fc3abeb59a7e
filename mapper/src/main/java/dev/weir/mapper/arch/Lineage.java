package dev.weir.mapper.arch;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Overlay;
import dev.weir.mapper.config.Section;
import dev.weir.mapper.config.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An architecture file and those that it extends.
 *
 * @param whole what it means, every value with the file that it stands in
 * @param files what stands in each file, that of the file itself first
 */
record Lineage(Mapping whole, List<Mapping> files) {

  static final String KEY = "extends";

  Lineage {
    files = List.copyOf(files);
  }

  /** Empty, with errors added, when a file that is extended cannot be read. */
  static Optional<Lineage> of(Mapping own, Diagnostics diagnostics) {
    return of(own, List.of(place(own.file())), diagnostics);
  }

  private static Optional<Lineage> of(Mapping own, List<Path> below, Diagnostics diagnostics) {
    Optional<Field> named = new Section(own.file(), "", own, diagnostics).optional(KEY);
    if (named.isEmpty()) {
      return Optional.of(new Lineage(own, List.of(own)));
    }
    Field field = named.get();
    Optional<SourceFile> file = field.text().flatMap(text -> Beside.read(field, text));
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Path place = place(file.get());
    if (below.contains(place)) {
      field.error(
          "a file that extends itself (got %s, expected one that does not extend %s)"
              .formatted(field.got(), own.file().name()));
      return Optional.empty();
    }
    List<Path> more = new ArrayList<>(below);
    more.add(place);
    return mapping(file.get(), diagnostics)
        .flatMap(base -> of(base, more, diagnostics))
        .map(base -> base.under(own));
  }

  private static Optional<Mapping> mapping(SourceFile file, Diagnostics diagnostics) {
    Optional<ConfigNode> root = YamlReader.read(file, diagnostics);
    if (root.isPresent() && !(root.get() instanceof Mapping)) {
      ArchitectureReader.noMapping(file, root.get(), diagnostics);
    }
    return root.filter(Mapping.class::isInstance).map(Mapping.class::cast);
  }

  private Lineage under(Mapping own) {
    List<Mapping> all = new ArrayList<>(List.of(own));
    all.addAll(files);
    return new Lineage((Mapping) Overlay.of(whole, own), all);
  }

  private static Path place(SourceFile file) {
    return Path.of(file.name()).toAbsolutePath().normalize();
  }
}
