package dev.weir.mapper.arch;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Quantity;
import dev.weir.mapper.config.QuantityKind;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.Section;
import dev.weir.mapper.config.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads an architecture file. What may stand in one: {@code docs/architecture.md}. Capacities and
 * bandwidths become words and words per cycle exactly.
 */
public final class ArchitectureReader {

  private static final List<String> KEYS =
      List.of(
          "architecture",
          "extends",
          "description",
          "clock",
          "word",
          "technology",
          "source",
          "definitions",
          "memories",
          "units",
          "links");

  private ArchitectureReader() {}

  /** Loading a schema takes a while, and only those who read an architecture should wait. */
  private static final class Published {
    private static final SchemaCheck SCHEMA = SchemaCheck.published("architecture.schema.json");
  }

  /**
   * Reads a file.
   *
   * @throws InvalidInputException with everything that is wrong with it
   */
  public static Architecture readFile(Path path) {
    SourceFile file = ConfigFile.open(path);
    Diagnostics diagnostics = new Diagnostics();
    Optional<Architecture> architecture = read(file, diagnostics);
    diagnostics.throwIfErrors();
    return architecture.orElseThrow();
  }

  /** Reads a text; empty, with errors added, when it is no architecture. */
  public static Optional<Architecture> read(SourceFile file, Diagnostics diagnostics) {
    Diagnostics found = new Diagnostics();
    Optional<Architecture> architecture =
        YamlReader.read(file, found).flatMap(root -> readChecked(file, root, found));
    found.sorted().forEach(diagnostics::add);
    return found.hasErrors() ? Optional.empty() : architecture;
  }

  private static Optional<Architecture> readChecked(
      SourceFile file, ConfigNode root, Diagnostics found) {
    Optional<Lineage> lineage = lineage(file, root, found);
    Optional<Architecture> architecture = lineage.flatMap(l -> readWhole(l, found));
    List<? extends ConfigNode> files =
        lineage.<List<? extends ConfigNode>>map(Lineage::files).orElse(List.of(root));
    files.forEach(own -> Published.SCHEMA.check(own.file(), own, found));
    return architecture;
  }

  /** The reader's own part, apart so that a test can tell whether the schema agrees with it. */
  static Optional<Architecture> readWithoutSchema(
      SourceFile file, ConfigNode root, Diagnostics found) {
    return lineage(file, root, found).flatMap(lineage -> readWhole(lineage, found));
  }

  private static Optional<Lineage> lineage(SourceFile file, ConfigNode root, Diagnostics found) {
    if (!(root instanceof ConfigNode.Mapping mapping)) {
      noMapping(file, root, found);
      return Optional.empty();
    }
    return Lineage.of(mapping, found);
  }

  static void noMapping(SourceFile file, ConfigNode root, Diagnostics found) {
    found.error(file, root.span(), "no architecture (got " + root.what() + ", expected a mapping)");
  }

  private static Optional<Architecture> readWhole(Lineage lineage, Diagnostics found) {
    Section section = new Section(lineage.whole().file(), "", lineage.whole(), found);
    Optional<Architecture> architecture = architecture(section);
    return found.hasErrors() ? Optional.empty() : architecture;
  }

  /**
   * Files that a file is not whole without: those that it extends, and a technology table that does
   * not come with Weir. None of a file that cannot be read.
   */
  public static List<Path> usedBy(Path path) {
    Diagnostics ignored = new Diagnostics();
    Optional<Lineage> lineage =
        YamlReader.read(ConfigFile.open(path), ignored)
            .filter(ConfigNode.Mapping.class::isInstance)
            .flatMap(root -> Lineage.of((ConfigNode.Mapping) root, ignored));
    List<Path> used = new ArrayList<>();
    for (ConfigNode.Mapping own : lineage.map(Lineage::files).orElse(List.of())) {
      used.add(Path.of(own.file().name()));
    }
    lineage
        .map(l -> new Section(l.whole().file(), "", l.whole(), ignored))
        .flatMap(section -> section.optional(Tables.KEY))
        .filter(field -> field.got().endsWith(Beside.ENDING))
        .ifPresent(field -> used.add(Beside.path(field, field.got())));
    return used.stream().skip(1).toList();
  }

  private static Optional<Architecture> architecture(Section section) {
    section.allowOnly(KEYS);
    Optional<String> name =
        section
            .required("architecture")
            .flatMap(f -> f.text(Names.FILE_LIKE, Names.FILE_LIKE_WORDS));
    Optional<String> description = section.optional("description").flatMap(Field::text);
    Scale scale = scale(section);
    Sources sources = new Sources();
    sources.add(section, "architecture");

    List<Section> unitSections = UnitReader.sections(section);
    List<Section> memorySections = MemoryReader.sections(section);
    Tables tables = Tables.of(section, scale.wordBits(), sources);
    UnitReader units = new UnitReader(sources, Names.of(memorySections), tables, scale);
    AxisTable axes = AxisTable.of(unitSections, sources, scale);
    MemoryReader memories = new MemoryReader(scale, sources, axes, tables);

    List<MemoryLevel> levels = memories.read(memorySections);
    List<Architecture.Link> links = new LinkReader(axes, sources).read(section);
    List<ComputeUnit> computeUnits = units.read(unitSections, axes);
    new Reach(axes, levels, links).check(unitSections);
    EnergyCheck.check(memorySections, unitSections, tables);
    if (section.diagnostics().hasErrors()) {
      return Optional.empty();
    }
    return Optional.of(
        new Architecture(
            name.orElseThrow(),
            description.orElse(""),
            scale.clockHertz().toDouble(),
            scale.wordBits(),
            levels,
            computeUnits,
            links,
            sources.byPath()));
  }

  /** Clock and word; where they are wrong others stand in, so that the rest is read too. */
  private static Scale scale(Section section) {
    Optional<Quantity> clock =
        section.required("clock").flatMap(f -> f.quantity(QuantityKind.CLOCK));
    Optional<Integer> word = section.required("word").flatMap(ArchitectureReader::wordBits);
    return Scale.of(
        clock.map(Quantity::amount).orElse(Scale.STAND_IN.clockHertz()),
        word.orElse(Scale.STAND_IN.wordBits()));
  }

  private static Optional<Integer> wordBits(Field field) {
    Optional<Quantity> size = field.quantity(QuantityKind.WORD_SIZE);
    if (size.isEmpty()) {
      return Optional.empty();
    }
    Optional<Integer> bits =
        size.get().amount().whole().filter(b -> b <= Scale.WIDEST_WORD_BITS).map(Long::intValue);
    if (bits.isEmpty()) {
      field.error(
          "word has no usable size (got %s, expected a whole number of bits up to %d bit)"
              .formatted(field.got(), Scale.WIDEST_WORD_BITS));
    }
    return bits;
  }

  /** Collects where numbers come from, by place. */
  static final class Sources {

    private final Map<String, String> byPath = new TreeMap<>();

    /** Notes the source of a section, if it names one. */
    void add(Section section) {
      add(section, section.path());
    }

    /** Notes the source of a number that stands in another file. */
    void add(String path, String source) {
      byPath.put(path, source);
    }

    private void add(Section section, String path) {
      section.optional("source").flatMap(Field::text).ifPresent(text -> byPath.put(path, text));
    }

    Map<String, String> byPath() {
      return byPath;
    }
  }

  /** Sections of a list of mappings that have names, each with its name in its path. */
  static List<Section> namedSections(Section parent, String key) {
    Optional<Field> list = parent.required(key);
    Optional<List<Field>> items = list.flatMap(Field::items);
    if (items.isPresent() && items.get().isEmpty()) {
      list.get().error(key + " is empty (got none, expected at least one)");
    }
    return items.orElse(List.of()).stream()
        .flatMap(item -> item.section().stream())
        .map(section -> Names.peek(section).map(n -> section.called(key + "." + n)).orElse(section))
        .toList();
  }
}
