package dev.weir.mapper.technology;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Fraction;
import dev.weir.mapper.config.Quantity;
import dev.weir.mapper.config.QuantityKind;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.Section;
import dev.weir.mapper.config.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a technology table. What may stand in one: {@code docs/architecture.md}. */
public final class TechnologyReader {

  /** Tables that come with Weir. */
  public static final List<String> SHIPPED = List.of("45nm");

  /** Where the build puts {@code configs/architectures/technology}. */
  private static final String FOLDER = "/dev/weir/technology/";

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]*";
  private static final Fraction PICO = Fraction.of(1_000_000_000_000L);

  /** Wide enough for any row. */
  private static final int MOST_BITS = 1 << 16;

  private static final List<String> KEYS =
      List.of(
          "technology",
          "description",
          "source",
          "definitions",
          "operations",
          "dram",
          "sram",
          "register_file");

  private TechnologyReader() {}

  private static final class Published {
    private static final SchemaCheck SCHEMA = SchemaCheck.published("technology.schema.json");
  }

  /**
   * Reads a file.
   *
   * @throws InvalidInputException with everything that is wrong with it
   */
  public static Technology readFile(Path path) {
    Diagnostics diagnostics = new Diagnostics();
    Optional<Technology> technology = read(ConfigFile.open(path), diagnostics);
    diagnostics.throwIfErrors();
    return technology.orElseThrow();
  }

  /** A table that comes with Weir. */
  public static Technology shipped(String name) {
    try (InputStream text = TechnologyReader.class.getResourceAsStream(FOLDER + name + ".yaml")) {
      if (text == null) {
        throw new IllegalArgumentException("no technology " + name + " in this build");
      }
      Diagnostics diagnostics = new Diagnostics();
      SourceFile file =
          new SourceFile(name + ".yaml", new String(text.readAllBytes(), StandardCharsets.UTF_8));
      Optional<Technology> technology = read(file, diagnostics);
      diagnostics.throwIfErrors();
      return technology.orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a text; empty, with errors added, when it is no table. */
  public static Optional<Technology> read(SourceFile file, Diagnostics diagnostics) {
    Diagnostics found = new Diagnostics();
    Optional<Technology> technology =
        YamlReader.read(file, found)
            .flatMap(
                root -> {
                  Optional<Technology> table = readWithoutSchema(file, root, found);
                  Published.SCHEMA.check(file, root, found);
                  return table;
                });
    found.sorted().forEach(diagnostics::add);
    return found.hasErrors() ? Optional.empty() : technology;
  }

  /** The reader's own part, apart so that a test can tell whether the schema agrees with it. */
  static Optional<Technology> readWithoutSchema(
      SourceFile file, ConfigNode root, Diagnostics found) {
    if (!(root instanceof ConfigNode.Mapping mapping)) {
      found.error(file, root.span(), "no technology (got " + root.what() + ", expected a mapping)");
      return Optional.empty();
    }
    Section section = new Section(file, "", mapping, found);
    section.allowOnly(KEYS);
    Optional<String> name =
        section
            .required("technology")
            .flatMap(f -> f.text(NAME, "a name: letters, digits, _ - and ."));
    section.optional("description").ifPresent(Field::text);
    Optional<String> source = section.optional("source").flatMap(Field::text);
    Map<String, OperationFigures> operations = operations(section, source.orElse(""));
    Map<MemoryClass, MemoryLaw> memories = new EnumMap<>(MemoryClass.class);
    for (MemoryClass kind : MemoryClass.values()) {
      section
          .optional(kind.text())
          .flatMap(Field::section)
          .flatMap(s -> law(kind, s, source.orElse("")))
          .ifPresent(law -> memories.put(kind, law));
    }
    return found.hasErrors()
        ? Optional.empty()
        : Optional.of(new Technology(name.orElseThrow(), operations, memories));
  }

  private static Map<String, OperationFigures> operations(Section section, String source) {
    Map<String, OperationFigures> operations = new TreeMap<>();
    Optional<Section> found = section.optional("operations").flatMap(Field::section);
    for (Field field : found.map(Section::fields).orElse(List.of())) {
      field
          .section()
          .ifPresent(s -> operation(s, source).ifPresent(o -> operations.put(field.key(), o)));
    }
    return operations;
  }

  private static Optional<OperationFigures> operation(Section section, String source) {
    section.allowOnly(List.of("energy", "area", "source"));
    Optional<Double> area = area(section);
    String own = source(section, source);
    return picojoules(section.required("energy")).map(e -> new OperationFigures(e, area, own));
  }

  private static Optional<MemoryLaw> law(MemoryClass kind, Section section, String source) {
    return switch (kind) {
      case DRAM -> dram(section, source(section, source));
      case SRAM -> sram(section, source(section, source));
      case REGISTER_FILE -> registers(section, source(section, source));
    };
  }

  private static Optional<MemoryLaw> dram(Section section, String source) {
    section.allowOnly(List.of("energy", "area", "source"));
    Optional<Double> area = area(section);
    return section
        .required("energy")
        .flatMap(field -> directions(field, QuantityKind.BIT_ENERGY))
        .map(energy -> new MemoryLaw.OffChip(energy.read, energy.write, area, source));
  }

  private static Optional<MemoryLaw> sram(Section section, String source) {
    section.allowOnly(List.of("points", "source"));
    Map<Double, Double> read = new TreeMap<>();
    Map<Double, Double> write = new TreeMap<>();
    Map<Double, Double> area = new TreeMap<>();
    Optional<Field> points = section.required("points");
    for (Field item : points.flatMap(Field::items).orElse(List.of())) {
      item.section().ifPresent(point -> point(point, read, write, area));
    }
    if (section.diagnostics().hasErrors() || read.isEmpty()) {
      points.ifPresent(
          field -> {
            if (!field.diagnostics().hasErrors()) {
              field.error("no point has an energy (got none, expected at least one)");
            }
          });
      return Optional.empty();
    }
    Optional<Curve> areas = area.isEmpty() ? Optional.empty() : Optional.of(new Curve(area));
    return Optional.of(new MemoryLaw.Sram(new Curve(read), new Curve(write), areas, source));
  }

  private static void point(
      Section point,
      Map<Double, Double> read,
      Map<Double, Double> write,
      Map<Double, Double> area) {
    point.allowOnly(List.of("capacity", "energy", "area", "source"));
    source(point, "");
    Optional<Double> bits =
        point
            .required("capacity")
            .flatMap(f -> f.quantity(QuantityKind.SIZE))
            .map(q -> q.amount().toDouble());
    Optional<Directions> energy =
        point.optional("energy").flatMap(f -> directions(f, QuantityKind.BIT_ENERGY));
    Optional<Double> size = area(point);
    if (bits.isPresent() && energy.isPresent()) {
      put(point, read, bits.get(), energy.get().read);
      put(point, write, bits.get(), energy.get().write);
    }
    if (bits.isPresent() && size.isPresent()) {
      put(point, area, bits.get(), size.get());
    }
  }

  private static void put(Section point, Map<Double, Double> points, double bits, double value) {
    if (value <= 0 || points.put(bits, value) != null) {
      point.error(
          point.mapping().span(),
          value <= 0
              ? "a point of a curve is 0 (got 0, expected more)"
              : "two points of one capacity (got a second one, expected one)");
    }
  }

  private static Optional<MemoryLaw> registers(Section section, String source) {
    section.allowOnly(
        List.of("words", "word", "most", "exponent", "energy", "area", "address", "source"));
    Optional<Long> words = section.required("words").flatMap(f -> f.whole(1, 1 << 20));
    Optional<Integer> bits = section.required("word").flatMap(TechnologyReader::wordBits);
    Optional<Long> most = section.required("most").flatMap(f -> f.whole(1, 1 << 20));
    Optional<Double> exponent = section.required("exponent").flatMap(Field::positive);
    Optional<Directions> energy =
        section.required("energy").flatMap(f -> directions(f, QuantityKind.OPERATION_ENERGY));
    Optional<Double> area = area(section);
    Optional<MemoryLaw.Address> address =
        section.required("address").flatMap(Field::section).flatMap(TechnologyReader::address);
    if (section.diagnostics().hasErrors()) {
      return Optional.empty();
    }
    return Optional.of(
        new MemoryLaw.Registers(
            words.orElseThrow(),
            bits.orElseThrow(),
            most.orElseThrow(),
            exponent.orElseThrow(),
            energy.orElseThrow().read,
            energy.orElseThrow().write,
            area,
            address.orElseThrow(),
            source));
  }

  private static Optional<Integer> wordBits(Field field) {
    Optional<Quantity> size = field.quantity(QuantityKind.WORD_SIZE);
    Optional<Integer> bits =
        size.flatMap(q -> q.amount().whole()).filter(b -> b <= MOST_BITS).map(Long::intValue);
    if (size.isPresent() && bits.isEmpty()) {
      field.error(
          "word has no usable size (got %s, expected a whole number of bits up to %d bit)"
              .formatted(field.got(), MOST_BITS));
    }
    return bits;
  }

  private static Optional<MemoryLaw.Address> address(Section section) {
    section.allowOnly(List.of("energy", "energy_per_bit", "area_per_bit", "source"));
    source(section, "");
    Optional<Double> energy = picojoules(section.required("energy"));
    Optional<Double> perBit = picojoules(section.required("energy_per_bit"));
    Optional<Double> area =
        section
            .required("area_per_bit")
            .flatMap(f -> f.quantity(QuantityKind.AREA))
            .map(q -> q.amount().toDouble());
    return energy.flatMap(e -> perBit.flatMap(p -> area.map(a -> new MemoryLaw.Address(e, p, a))));
  }

  /** Picojoules, or picojoules per bit, of reading and of writing. */
  private record Directions(double read, double write) {}

  private static Optional<Directions> directions(Field field, QuantityKind kind) {
    if (!field.isMapping()) {
      return field.quantity(kind).map(q -> new Directions(picojoules(q), picojoules(q)));
    }
    Section section = field.section().orElseThrow();
    section.allowOnly(List.of("read", "write", "source"));
    source(section, "");
    Optional<Quantity> read = section.required("read").flatMap(f -> f.quantity(kind));
    Optional<Quantity> write = section.required("write").flatMap(f -> f.quantity(kind));
    return read.flatMap(r -> write.map(w -> new Directions(picojoules(r), picojoules(w))));
  }

  private static Optional<Double> picojoules(Optional<Field> field) {
    return field
        .flatMap(f -> f.quantity(QuantityKind.OPERATION_ENERGY))
        .map(TechnologyReader::picojoules);
  }

  private static double picojoules(Quantity energy) {
    return energy.amount().times(PICO).toDouble();
  }

  private static Optional<Double> area(Section section) {
    return section
        .optional("area")
        .flatMap(f -> f.quantity(QuantityKind.AREA))
        .map(q -> q.amount().toDouble());
  }

  /** The nearest source; that of one number may stand beside it. */
  private static String source(Section section, String outer) {
    return section.optional("source").flatMap(Field::text).orElse(outer);
  }
}
