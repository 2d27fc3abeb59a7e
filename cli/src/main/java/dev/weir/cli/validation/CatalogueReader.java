package dev.weir.cli.validation;

import dev.weir.cli.experiment.ShapeText;
import dev.weir.cli.validation.Catalogue.Binding;
import dev.weir.cli.validation.Catalogue.Workload;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.Section;
import dev.weir.mapper.config.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads which cascades are validated, under which schedules and at which shapes. */
public final class CatalogueReader {

  private final SourceFile file;
  private final Path folder;
  private final Diagnostics diagnostics;

  private CatalogueReader(SourceFile file, Path folder, Diagnostics diagnostics) {
    this.file = file;
    this.folder = folder;
    this.diagnostics = diagnostics;
  }

  /**
   * Reads a file.
   *
   * @throws InvalidInputException with everything that is wrong with it; the files it names are
   *     looked for but not read
   */
  public static Catalogue readFile(Path path) {
    SourceFile file = ConfigFile.open(path);
    Diagnostics diagnostics = new Diagnostics();
    Optional<ConfigNode> root = YamlReader.read(file, diagnostics);
    Path folder = path.getParent() == null ? Path.of("") : path.getParent();
    Optional<Catalogue> catalogue =
        root.flatMap(node -> new CatalogueReader(file, folder, diagnostics).read(node));
    root.ifPresent(node -> Published.SCHEMA.check(file, node, diagnostics));
    diagnostics.throwIfErrors();
    return catalogue.orElseThrow();
  }

  /** Loading a schema takes a while, and only those who read such a file should wait. */
  private static final class Published {
    private static final SchemaCheck SCHEMA = SchemaCheck.published("validation.schema.json");
  }

  private Optional<Catalogue> read(ConfigNode root) {
    if (!(root instanceof ConfigNode.Mapping mapping)) {
      diagnostics.error(
          file, root.span(), "no validation (got " + root.what() + ", expected a mapping)");
      return Optional.empty();
    }
    Section section = new Section(file, "", mapping, diagnostics);
    section.allowOnly(List.of("validation", "description", "bindings", "cascades"));
    Optional<String> name =
        section
            .required("validation")
            .flatMap(
                f -> f.text("[a-z][a-z0-9-]*", "a name of lower-case letters, digits and hyphens"));
    Optional<String> description = section.required("description").flatMap(Field::text);
    List<Binding> bindings =
        sections(section.required("bindings")).flatMap(inner -> binding(inner).stream()).toList();
    List<Workload> workloads =
        sections(section.required("cascades")).flatMap(inner -> workload(inner).stream()).toList();
    return diagnostics.hasErrors()
        ? Optional.empty()
        : Optional.of(
            new Catalogue(name.orElseThrow(), description.orElseThrow(), bindings, workloads));
  }

  private static Stream<Section> sections(Optional<Field> list) {
    return items(list).flatMap(item -> item.section().stream());
  }

  private static Stream<Field> items(Optional<Field> list) {
    return list.flatMap(Field::items).orElse(List.of()).stream();
  }

  private Optional<Binding> binding(Section section) {
    section.allowOnly(List.of("architecture", "schedules"));
    Optional<Path> architecture = section.required("architecture").flatMap(this::path);
    List<Path> schedules =
        items(section.required("schedules")).flatMap(item -> path(item).stream()).toList();
    return architecture.map(machine -> new Binding(machine, schedules));
  }

  private Optional<Workload> workload(Section section) {
    section.allowOnly(List.of("cascade", "shapes"));
    Optional<Path> cascade = section.required("cascade").flatMap(this::path);
    Map<RankName, Long> shapes = new TreeMap<>();
    section
        .required("shapes")
        .flatMap(Field::section)
        .ifPresent(
            inner -> {
              for (Field field : inner.fields()) {
                if (field.key().matches("[A-Z][A-Za-z0-9_]*")) {
                  field
                      .whole(1, ShapeText.LARGEST)
                      .ifPresent(shape -> shapes.put(new RankName(field.key()), shape));
                }
              }
            });
    return cascade.map(found -> new Workload(found, shapes));
  }

  private Optional<Path> path(Field field) {
    Optional<Path> path = field.text().map(folder::resolve);
    if (path.filter(Files::isRegularFile).isEmpty()) {
      path.ifPresent(
          missing ->
              field.error(
                  "%s names no file (got %s, expected a file in %s)"
                      .formatted(field.key(), field.got(), folder)));
      return Optional.empty();
    }
    return path;
  }
}
