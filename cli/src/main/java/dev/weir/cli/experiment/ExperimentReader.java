package dev.weir.cli.experiment;

import dev.weir.cli.experiment.Experiment.Entry;
import dev.weir.cli.experiment.Experiment.Reference;
import dev.weir.cli.experiment.Experiment.Target;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Misspelling;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.Section;
import dev.weir.mapper.config.YamlReader;
import dev.weir.mapper.search.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads experiment files; all mistakes are reported where they stand. */
public final class ExperimentReader {

  private static final String NAME = "[a-z][a-z0-9-]*";
  private static final String NAME_IN_WORDS =
      "a name of lower-case letters, digits and hyphens, such as fusemax-cloud";
  private static final long MOST_REPETITIONS = 1000;

  /** A shape and where it stands. */
  private record Given(long elements, Span span) {}

  private final SourceFile file;
  private final Path folder;
  private final Diagnostics diagnostics;

  private ExperimentReader(SourceFile file, Path folder, Diagnostics diagnostics) {
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
  public static Experiment readFile(Path path) {
    InputKind.EXPERIMENT.require(path);
    SourceFile file = ConfigFile.open(path);
    Diagnostics diagnostics = new Diagnostics();
    Optional<ConfigNode> root = YamlReader.read(file, diagnostics);
    Path folder = path.toAbsolutePath().getParent();
    Optional<Experiment> experiment =
        root.flatMap(node -> new ExperimentReader(file, folder, diagnostics).read(path, node));
    root.ifPresent(node -> Published.SCHEMA.check(file, node, diagnostics));
    diagnostics.throwIfErrors();
    return experiment.orElseThrow();
  }

  /** Loading a schema takes a while, and only those who read an experiment should wait. */
  private static final class Published {
    private static final SchemaCheck SCHEMA = SchemaCheck.published("experiment.schema.json");
  }

  private Optional<Experiment> read(Path path, ConfigNode root) {
    if (!(root instanceof ConfigNode.Mapping mapping)) {
      diagnostics.error(
          file, root.span(), "no experiment (got " + root.what() + ", expected a mapping)");
      return Optional.empty();
    }
    Section section = new Section(file, "", mapping, diagnostics);
    section.allowOnly(List.of("experiment", "description", "seed", "shapes", "family", "targets"));
    Optional<String> name =
        section.required("experiment").flatMap(f -> f.text(NAME, NAME_IN_WORDS));
    Optional<String> description = section.required("description").flatMap(Field::text);
    long seed = section.optional("seed").flatMap(f -> f.whole(0, Long.MAX_VALUE)).orElse(1L);
    Map<RankName, Given> shapes = shapes(section.optional("shapes"));
    List<Reference> family = references(section.optional("family"));
    List<Target> targets = targets(section, shapes);
    return diagnostics.hasErrors()
        ? Optional.empty()
        : Optional.of(
            new Experiment(
                path, name.orElseThrow(), description.orElseThrow(), seed, family, targets));
  }

  private List<Target> targets(Section section, Map<RankName, Given> shapes) {
    List<Target> targets = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Optional<Field> list = section.required("targets");
    for (Field item : list.flatMap(Field::items).orElse(List.of())) {
      Optional<Target> target = item.section().flatMap(inner -> target(inner, shapes));
      target.ifPresent(targets::add);
      if (target.isPresent() && !names.add(target.get().id())) {
        String name = target.get().id();
        item.error("two targets are called " + name + " (got it twice, expected another name)");
      }
    }
    if (list.isPresent() && list.get().items().filter(List::isEmpty).isPresent()) {
      list.get().error("no target (got an empty list, expected at least one)");
    }
    return targets;
  }

  private Optional<Target> target(Section section, Map<RankName, Given> common) {
    section.allowOnly(
        List.of(
            "target",
            "title",
            "machine",
            "shapes",
            "schedules",
            "search",
            "simulate",
            "interpret",
            "kernel"));
    Optional<Field> name = section.required("target");
    Optional<String> id = name.flatMap(f -> f.text(NAME, NAME_IN_WORDS));
    Optional<String> title = section.required("title").flatMap(Field::text);
    Optional<Reference> machine =
        section.required("machine").flatMap(f -> reference(f, InputKind.MACHINE));
    Map<RankName, Given> shapes = merged(common, shapes(section.optional("shapes")));
    List<Entry> entries = entries(section);
    Optional<Experiment.Search> search =
        section.optional("search").flatMap(Field::section).flatMap(inner -> search(inner, entries));
    boolean simulate = section.optional("simulate").flatMap(Field::flag).orElse(false);
    Optional<Map<RankName, Long>> interpret =
        section
            .optional("interpret")
            .flatMap(Field::section)
            .map(inner -> elements(merged(shapes, reducedShapes(inner))));
    Optional<Experiment.Kernel> kernel =
        section.optional("kernel").flatMap(Field::section).map(this::kernel);
    if (id.isEmpty() || title.isEmpty() || machine.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Target(
            id.get(),
            title.get(),
            machine.get(),
            elements(shapes),
            entries,
            search,
            simulate,
            interpret,
            kernel,
            places(section, name.orElseThrow().span(), shapes)));
  }

  private static Experiment.Places places(
      Section section, Span target, Map<RankName, Given> shapes) {
    Map<RankName, Span> places = new TreeMap<>();
    shapes.forEach((rank, given) -> places.put(rank, given.span()));
    Map<String, Span> parameters = new TreeMap<>();
    inner(inner(Optional.of(section), "search"), "parameters")
        .ifPresent(all -> all.fields().forEach(f -> parameters.put(f.key(), f.keySpan())));
    return new Experiment.Places(
        target,
        places,
        parameters,
        inner(Optional.of(section), "interpret")
            .flatMap(interpret -> interpret.optional("shapes"))
            .map(Field::keySpan));
  }

  /** A mapping inside another one, when it is one. */
  private static Optional<Section> inner(Optional<Section> outer, String key) {
    return outer
        .flatMap(section -> section.optional(key))
        .filter(Field::isMapping)
        .flatMap(Field::section);
  }

  private List<Entry> entries(Section section) {
    List<Entry> entries = new ArrayList<>();
    Optional<Field> list = section.required("schedules");
    Set<String> names = new HashSet<>();
    for (Field item : list.flatMap(Field::items).orElse(List.of())) {
      Optional<Entry> entry = item.section().flatMap(this::entry);
      entry.ifPresent(entries::add);
      if (entry.isPresent() && !names.add(entry.get().name())) {
        String name = entry.get().name();
        item.error("two schedules are called " + name + " (got it twice, expected another name)");
      }
    }
    if (list.isPresent() && list.get().items().filter(List::isEmpty).isPresent()) {
      list.get().error("no schedule (got an empty list, expected at least one)");
    }
    return entries;
  }

  private Optional<Entry> entry(Section section) {
    section.allowOnly(List.of("name", "cascade", "schedule"));
    Optional<String> name = section.required("name").flatMap(f -> f.text(NAME, NAME_IN_WORDS));
    Optional<Reference> cascade =
        section.required("cascade").flatMap(f -> reference(f, InputKind.CASCADE));
    Optional<Reference> schedule =
        section.required("schedule").flatMap(f -> reference(f, InputKind.SCHEDULE));
    return name.isEmpty() || cascade.isEmpty() || schedule.isEmpty()
        ? Optional.empty()
        : Optional.of(new Entry(name.get(), cascade.get(), schedule.get()));
  }

  private Optional<Experiment.Search> search(Section section, List<Entry> entries) {
    section.allowOnly(List.of("schedule", "objective", "parameters"));
    Optional<Entry> entry =
        section
            .required("schedule")
            .flatMap(f -> f.oneOf(entries.stream().map(Entry::name).toList()))
            .flatMap(name -> entries.stream().filter(e -> e.name().equals(name)).findFirst());
    Optional<Objective> objective =
        section
            .required("objective")
            .flatMap(
                f -> f.oneOf(Stream.of(Objective.values()).map(ExperimentReader::text).toList()))
            .map(text -> Objective.valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT)));
    SortedMap<String, List<Long>> parameters = new TreeMap<>();
    section
        .required("parameters")
        .flatMap(Field::section)
        .ifPresent(
            inner -> inner.fields().forEach(field -> parameters.put(field.key(), values(field))));
    return entry.isEmpty() || objective.isEmpty()
        ? Optional.empty()
        : Optional.of(new Experiment.Search(entry.get(), objective.get(), parameters));
  }

  private static String text(Objective objective) {
    return objective.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<Long> values(Field field) {
    List<Long> values = new ArrayList<>();
    for (Field item : field.items().orElse(List.of())) {
      item.whole(1, ShapeText.LARGEST).ifPresent(values::add);
    }
    if (field.items().filter(List::isEmpty).isPresent()) {
      field.error(field.key() + " has no value (got an empty list, expected at least one)");
    }
    return values;
  }

  private Experiment.Kernel kernel(Section section) {
    section.allowOnly(List.of("siblings", "repetitions"));
    return new Experiment.Kernel(
        references(section.optional("siblings")),
        section
            .optional("repetitions")
            .flatMap(f -> f.whole(0, MOST_REPETITIONS))
            .orElse(0L)
            .intValue());
  }

  private Map<RankName, Given> reducedShapes(Section section) {
    section.allowOnly(List.of("shapes"));
    return shapes(section.required("shapes"));
  }

  private Map<RankName, Given> shapes(Optional<Field> given) {
    Map<RankName, Given> shapes = new TreeMap<>();
    given
        .flatMap(Field::section)
        .ifPresent(
            section -> {
              for (Field field : section.fields()) {
                if (!field.key().matches("[A-Z][A-Za-z0-9_]*")) {
                  diagnostics.error(
                      file,
                      field.keySpan(),
                      "no rank (got " + field.key() + ", expected an upper-case name such as P)");
                } else {
                  shape(field)
                      .ifPresent(
                          shape ->
                              shapes.put(
                                  new RankName(field.key()), new Given(shape, field.keySpan())));
                }
              }
            });
    return shapes;
  }

  /** {@code 4096} or {@code 4K}. */
  private Optional<Long> shape(Field field) {
    OptionalLong elements = ShapeText.elements(field.got());
    if (elements.isPresent()) {
      return Optional.of(elements.getAsLong());
    }
    String message =
        "%s has a wrong value (got %s, expected a whole number from 1 to %d, or one such as 4K)"
            .formatted(field.key(), field.got(), ShapeText.LARGEST);
    ShapeText.fix(field.got())
        .ifPresentOrElse(
            fix -> diagnostics.error(file, field.span(), message, "write " + fix),
            () -> field.error(message));
    return Optional.empty();
  }

  private static Map<RankName, Long> elements(Map<RankName, Given> shapes) {
    Map<RankName, Long> elements = new TreeMap<>();
    shapes.forEach((rank, given) -> elements.put(rank, given.elements()));
    return elements;
  }

  private static Map<RankName, Given> merged(
      Map<RankName, Given> outer, Map<RankName, Given> inner) {
    Map<RankName, Given> merged = new TreeMap<>(outer);
    merged.putAll(inner);
    return merged;
  }

  private List<Reference> references(Optional<Field> list) {
    List<Reference> references = new ArrayList<>();
    for (Field item : list.flatMap(Field::items).orElse(List.of())) {
      reference(item, InputKind.CASCADE).ifPresent(references::add);
    }
    return references;
  }

  /** A file that must exist; how its name could have been meant is said where it stands. */
  private Optional<Reference> reference(Field field, InputKind kind) {
    Optional<String> text = field.text();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Path path = folder.resolve(text.get()).normalize();
    Optional<String> wrong = kind.wrongEnding(path);
    if (wrong.isPresent()) {
      field.error(path.getFileName() + " " + wrong.get());
      return Optional.empty();
    }
    if (Files.isRegularFile(path)) {
      Path shown = Path.of("").toAbsolutePath();
      Path name = path.startsWith(shown) ? shown.relativize(path) : path;
      return Optional.of(new Reference(name, file, field.span()));
    }
    List<String> beside = filesBeside(path);
    Misspelling.report(
        diagnostics,
        file,
        field.span(),
        "no file " + path.getFileName() + " in " + path.getParent(),
        path.getFileName().toString(),
        beside);
    return Optional.empty();
  }

  private static List<String> filesBeside(Path path) {
    try (Stream<Path> files = Files.list(path.getParent())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException noFolder) {
      return List.of();
    }
  }
}
